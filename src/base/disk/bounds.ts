/** What is read of a project at most: far above what people write, and low enough that a hostile one costs a moment. */
export const bounds = {
  /** Bytes of one file of ours. */
  file: 2 * 1024 * 1024,
  /** Bytes of all files that are looked at together. */
  all: 64 * 1024 * 1024,
  /** Files and folders below one folder. */
  entries: 20_000,
  depth: 32,
} as const;

/** A number of bytes as people say it. */
export const inWords = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MiB` : `${bytes / 1024} KiB`;
