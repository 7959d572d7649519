import assert from 'node:assert/strict';
import { bold, red } from '../../src/base/terminal.ts';

/** What is written with these words about the terminal. */
const written = (isTTY: boolean, given: Readonly<Record<'NO_COLOR' | 'TERM', string | undefined>>): string => {
  const { env, stdout } = process;
  const before = { isTTY: stdout.isTTY, env };
  const { NO_COLOR: _, TERM: __, ...rest } = env;
  try {
    stdout.isTTY = isTTY;
    process.env = { ...rest, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
    return red(bold('x'));
  } finally {
    stdout.isTTY = before.isTTY;
    process.env = before.env;
  }
};
const none = { NO_COLOR: undefined, TERM: 'xterm' };

describe('colours', () => {
  it('are where a terminal shows them', () =>
    assert.equal(written(true, none), '\u001b[31m\u001b[1mx\u001b[22m\u001b[39m'));
  it('are not in a file or a pipe', () => assert.equal(written(false, none), 'x'));
  it('are not where somebody wants none', () => {
    assert.equal(written(true, { ...none, NO_COLOR: '1' }), 'x');
    assert.equal(written(true, { ...none, TERM: 'dumb' }), 'x');
  });
  it('are there where NO_COLOR is empty, as no-color.org says', () =>
    assert.notEqual(written(true, { ...none, NO_COLOR: '' }), 'x'));
});
