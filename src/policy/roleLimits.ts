/**
 * How long and how much a session of the app may hold, as db/init/20-rights.sql sets it on the role. A role can take back each but
 * the last in a session of its own: they end what was forgotten, not what is meant.
 */
export const roleLimits = {
  /** For one statement: nginx gives up on an answer after as long (proxy_read_timeout). */
  statementSeconds: 60,
  /** For all of a transaction, whose locks others wait for and whose rows VACUUM must keep (PostgreSQL 17 and on). */
  transactionSeconds: 600,
  /** To wait for a lock, of the app and of a migration: behind one that waits, every query of that table does. */
  lockSeconds: 10,
  /** Between the statements of a transaction: nobody who is forgotten keeps his locks. */
  idleInTransactionSeconds: 60,
  /** On the disk at once, for sorts and joins that do not fit into memory; only the superuser may change it. */
  tempFileMegabytes: 512,
} as const;
export type RoleLimits = Readonly<Record<keyof typeof roleLimits, number>>;

/** Nobody waits for a job, and workers log in as the app: so many times as long for a statement and a transaction. */
const jobFactor = 10;

/** As PostgreSQL reads them. */
export const printedLimits = (hasWorkers: boolean, limits: RoleLimits = roleLimits) => {
  const factor = hasWorkers ? jobFactor : 1;
  return {
    statement: `${limits.statementSeconds * factor}s`,
    transaction: `${limits.transactionSeconds * factor}s`,
    lock: `${limits.lockSeconds}s`,
    idleInTransaction: `${limits.idleInTransactionSeconds}s`,
    tempFiles: `${limits.tempFileMegabytes}MB`,
  };
};
