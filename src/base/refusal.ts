/** What to print and exit with for an error that has an ordinary end; undefined for one that is our own fault. */
export const endOf = (error: unknown): { readonly message: string; readonly code: number } | undefined => {
  if (error instanceof Refusal) return error;
  // inquirer's, after Ctrl-C: 128 + SIGINT, as a shell reports it.
  if (error instanceof Error && error.name === 'ExitPromptError') {
    return { message: 'Interrupted; nothing was written.', code: 130 };
  }
  // The file system's own: no permission, no space, a file where a folder should be.
  if (error instanceof Error && 'syscall' in error && 'path' in error) {
    return { message: `The directory cannot be used: ${error.message}`, code: 1 };
  }
  return undefined;
};

// A problem may quote what somebody else has written: a line of it never looks like another problem.
const list = (title: string, problems: readonly string[]): string =>
  [title, ...problems.map((problem) => `  - ${problem.replace(/\n(?! {6})/g, '\n      ')}`)].join('\n');

/** One refusal that lists every problem; nothing was written. The doors print its message and exit with `code`. */
export class Refusal extends Error {
  readonly problems: readonly string[];
  readonly code: number;

  /** `code` 2: bad usage or input; 1: the directory's state stands in the way. */
  constructor(title: string, problems: readonly string[], code = 2, message = list(title, problems)) {
    // It has no colours of ours, and no other's.
    super(message.replaceAll('\u001b', '\\u001b'));
    this.name = 'Refusal';
    this.problems = problems;
    this.code = code;
  }
}

/** The refusal of a command that makes no sense: one problem is a sentence that needs no title, more of them are a list. */
export const misuse = (
  problems: readonly string[],
  title = 'The command line cannot be read (nothing was written):',
): Refusal => new Refusal(title, problems, 2, problems.length === 1 ? problems[0] : undefined);
