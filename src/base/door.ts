/** A question as inquirer and Yeoman's adapter both take it. */
export type Prompt = { readonly name: string; readonly message: string } & (
  | { readonly type: 'confirm'; readonly default: boolean }
  | { readonly type: 'input'; readonly default: string; readonly validate: (value: string) => true | string }
  | { readonly type: 'select'; readonly default: string; readonly choices: readonly Choice[] }
);
type Choice = { readonly name: string; readonly value: string };

/** What the two front doors, Yeoman and `comicpile`, bring to the one implementation. */
export type Door = {
  /** Whether someone is there to answer. */
  readonly interactive: boolean;
  /** A command as it is given at this door: `update --restore` is `comicpile update --restore` or `yo comicpile:update --restore`. */
  readonly run: (line?: string) => string;
  readonly prompt: (prompts: readonly Prompt[]) => Promise<Record<string, unknown>>;
  /** One line for the user. */
  readonly say: (line: string) => void;
};
