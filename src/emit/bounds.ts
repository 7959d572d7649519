/**
 * What one template may be at most: far above what anybody writes, and low enough that a hostile one costs a moment and no more.
 */
export const bounds = {
  /** Characters of its text. */
  characters: 1_048_576,
  /** Blocks inside one another. */
  depth: 32,
  /** Blanks in a row: EJS looks at each of them once for each of the others. */
  blanks: 500,
  /** Values that are looked up, and turns of loops, in one rendering. */
  steps: 100_000,
} as const;
