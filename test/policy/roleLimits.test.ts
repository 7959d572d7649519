import assert from 'node:assert/strict';
import { printedLimits, roleLimits } from '../../src/policy/roleLimits.ts';

describe('roleLimits', () => {
  it('of an app without workers: a statement ends when nginx gives up on it', () => {
    assert.deepEqual(printedLimits(false), {
      statement: '60s',
      transaction: '600s',
      lock: '10s',
      idleInTransaction: '60s',
      tempFiles: '512MB',
    });
  });

  it('of an app with workers: ten times as long for a job, and no longer for a lock', () => {
    const { statement, transaction, lock } = printedLimits(true);
    assert.deepEqual([statement, transaction, lock], ['600s', '6000s', '10s']);
  });

  it('what a team gives takes their place', () => {
    assert.equal(printedLimits(false, { ...roleLimits, statementSeconds: 5 }).statement, '5s');
  });
});
