/** One refusal that lists every problem; nothing was written. The doors print its message and exit with `code`. */
export class Refusal extends Error {
  readonly problems: readonly string[];
  readonly code: number;

  /** `code` 2: bad usage or input; 1: the directory's state stands in the way. */
  constructor(title: string, problems: readonly string[], code = 2) {
    super([title, ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.name = 'Refusal';
    this.problems = problems;
    this.code = code;
  }
}
