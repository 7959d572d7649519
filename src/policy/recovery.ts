/** What scripts/pitr.sh does unless told otherwise. */
export const recovery = {
  /**
   * Seconds after which a WAL segment in which something stands is archived although it is not full: what a lost disk may
   * cost. PostgreSQL writes each to its full 16 MB; in the archive, compressed, an almost empty one has about 20 kB.
   * "archive_timeout settings of a minute or so are usually reasonable"
   * (https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-ARCHIVE-TIMEOUT).
   */
  archiveTimeout: 60,
  /** Base backups that stay, with the WAL since the oldest: while a new one is made, the one before still counts. */
  basesKept: 2,
} as const;
export type Recovery = Readonly<Record<keyof typeof recovery, number>>;
