import assert from 'node:assert/strict';
import { findingKindNames, findingKinds, isFindingKind } from '../../../src/cli/commands/findings.ts';
import { commandsOf } from '../../../src/cli/door.ts';

describe('the kinds of findings', () => {
  it('say what to do in the words of the door', () => {
    assert.match(findingKinds.edited(commandsOf('comicpile')), /: comicpile diff shows how$/);
    assert.match(findingKinds.edited(commandsOf('yo')), /: yo comicpile:diff shows how$/);
  });
  it('are known by their names, and no other word is one', () => {
    for (const name of findingKindNames) assert.ok(isFindingKind(name), name);
    for (const word of ['', 'all', 'constructor', '__proto__', 'Edited']) assert.ok(!isFindingKind(word), word);
  });
});
