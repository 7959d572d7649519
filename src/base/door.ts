/** A question as inquirer and Yeoman's adapter both take it. */
export type Prompt = {
  readonly type: 'input' | 'select' | 'confirm';
  readonly name: string;
  readonly message: string;
  readonly default?: string | boolean;
  readonly choices?: readonly { readonly name: string; readonly value: string }[];
  readonly validate?: (value: string) => true | string;
};

/** What the two front doors, Yeoman and `comicpile`, bring to the one implementation. */
export type Door = {
  /** Whether someone is there to answer. */
  readonly interactive: boolean;
  /** The command that generates everything, for messages: `yo comicpile`, `comicpile`. */
  readonly command: string;
  readonly prompt: (prompts: readonly Prompt[]) => Promise<Record<string, unknown>>;
  /** One line for the user. */
  readonly say: (line: string) => void;
};
