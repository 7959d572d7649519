import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readAnswersFile } from '../../src/answers/answersFile.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { folderWith, scratch } from '../fixture.ts';

const read = (text: string) => readAnswersFile(join(folderWith({ 'a.yml': text }), 'a.yml'));

describe('readAnswersFile', () => {
  it('has every scalar as its text: 3.10 is no number, on no boolean', async () =>
    assert.deepEqual(
      { ...(await read('pythonVersion: 3.10\nmonitoring: on\nreplicas: 007\nempty:\npacks: [./one, two]\n')) },
      { pythonVersion: '3.10', monitoring: 'on', replicas: '007', empty: '', packs: ['./one', 'two'] },
    ));
  it('reads JSON, and nothing', async () => {
    assert.deepEqual({ ...(await read('{"domain": "a.example"}')) }, { domain: 'a.example' });
    assert.deepEqual({ ...(await read('')) }, {});
  });
  for (const [what, text] of [
    ['aliases, however few', 'a: &a x\nb: *a\n'],
    ['a broken file', 'a: [1\n'],
    ['a list', '- a\n'],
    ['a word', 'word'],
    ['a key twice', 'a: 1\na: 2\n'],
  ] as const) {
    it(`refuses ${what}`, () => assert.rejects(read(text), Refusal));
  }
  it('refuses a path where there is none, and names it', () =>
    assert.rejects(readAnswersFile(join(scratch(), 'no.yml')), /no such answers file[\s\S]*no\.yml/));
});
