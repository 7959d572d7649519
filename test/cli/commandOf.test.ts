import assert from 'node:assert/strict';
import { commandOf, commandWords, takes } from '../../src/cli/commandOf.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { owners } from '../../src/emit/catalogue.ts';

describe('the command of a word', () => {
  it('is the whole generation without one, and for the word of Yeoman', () => {
    assert.ok(commandOf(undefined));
    assert.equal(commandOf('app'), commandOf(undefined));
  });
  it('is of an owner, with the help of its row', () => {
    assert.equal(commandOf('nginx')?.help, owners.nginx);
    assert.equal(commandOf('nginx')?.answers, 'all');
  });
  it('is a verb as the table has it', () => assert.equal(commandOf('update'), verbs.update));
  it('is none of other words, those of every object among them', () => {
    for (const word of ['updat', '', 'constructor', '__proto__', 'toString', 'hasOwnProperty'])
      assert.equal(commandOf(word), undefined, word);
  });
  it('is of every word that is listed, once', () => {
    for (const word of commandWords) assert.ok(commandOf(word), word);
    assert.equal(new Set(commandWords).size, commandWords.length);
    assert.ok(commandWords.includes('nginx') && commandWords.includes('check'));
  });
});

describe('what a command takes', () => {
  const taken = (word: string | undefined, key: string) => takes(commandOf(word) ?? assert.fail(), key);
  it('is every question where files are made', () => {
    assert.ok(taken(undefined, 'domain'));
    assert.ok(taken('nginx', 'domain'));
    assert.ok(!taken('check', 'domain'));
  });
  it('is a flag of its own, and no other', () => {
    assert.ok(taken('check', 'json'));
    assert.ok(!taken('nginx', 'json'));
    assert.ok(taken(undefined, 'dryRun'));
    assert.ok(!taken(undefined, 'whatever'));
  });
});
