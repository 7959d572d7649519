import assert from 'node:assert/strict';
import type { Prompt } from '../../src/base/door.ts';
import { commandsOf, doorOf } from '../../src/cli/door.ts';

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

describe('doorOf', () => {
  const hostile = 'x\u001b[2J\u202ey\u001b]8;;https://evil.test\u0007';
  const shown = 'x\\u001b[2J\\u202ey\\u001b]8;;https://evil.test\\u0007';

  it('says nothing that is a command to the terminal, whoever says it', () => {
    const { log } = console;
    const said: unknown[] = [];
    console.log = (line: unknown) => said.push(line);
    try {
      doorOf('comicpile', async () => ({})).say(`a\n${hostile}`);
    } finally {
      console.log = log;
    }
    assert.deepEqual(said, [`a\n${shown}`]);
  });

  it('asks nothing that is: messages, defaults and choices', async () => {
    const asked: Prompt[] = [];
    const door = doorOf('comicpile', async (prompts) => {
      asked.push(...prompts);
      return {};
    });
    await door.prompt([
      { type: 'confirm', name: 'a', message: hostile, default: false },
      { type: 'input', name: 'b', message: hostile, default: hostile, validate: () => true },
      { type: 'select', name: 'c', message: hostile, default: 'd', choices: [{ name: hostile, value: hostile }] },
    ]);
    assert.deepEqual(
      asked.map(({ message }) => message),
      [shown, shown, shown],
    );
    assert.equal(asked[1]?.default, shown);
    // What is chosen stays what it is.
    assert.deepEqual(asked[2]?.type === 'select' && asked[2].choices, [{ name: shown, value: hostile }]);
  });
});
