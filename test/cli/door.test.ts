import assert from 'node:assert/strict';
import { commandsOf } from '../../src/cli/door.ts';

describe('commandsOf', () => {
  for (const [line, atShell, atYo] of [
    [undefined, 'comicpile', 'yo comicpile'],
    ['update --restore', 'comicpile update --restore', 'yo comicpile:update --restore'],
    ['--help --all', 'comicpile --help --all', 'yo comicpile --help --all'],
  ] as const) {
    it(`says ${atShell} and ${atYo}`, () =>
      assert.deepEqual([commandsOf('comicpile')(line), commandsOf('yo')(line)], [atShell, atYo]));
  }
});
