import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { endOf, Refusal } from '../../src/base/refusal.ts';

describe('Refusal', () => {
  it('lists every problem under one title', () => {
    assert.equal(new Refusal('Bad:', ['one', 'two']).message, 'Bad:\n  - one\n  - two');
  });
});

describe('endOf', () => {
  it('is a refusal’s own message and code', () => {
    const end = endOf(new Refusal('Bad:', ['one'], 1));
    assert.deepEqual([end?.message, end?.code], ['Bad:\n  - one', 1]);
  });
  it('is 130 after Ctrl-C at a prompt', () => {
    const closed = Object.assign(new Error('User force closed the prompt'), { name: 'ExitPromptError' });
    assert.deepEqual(endOf(closed), { message: 'Interrupted; nothing was written.', code: 130 });
  });
  it('is the file system’s own message', () => {
    assert.throws(
      () => readdirSync('/dev/null'),
      (error) => /^The directory cannot be used: ENOTDIR/.test(endOf(error)?.message ?? ''),
    );
  });
  it('is nothing for a fault of ours, which keeps its stack trace', () =>
    assert.equal(endOf(new TypeError('x')), undefined));
});
