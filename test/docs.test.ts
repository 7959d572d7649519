import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { owners } from '../src/artifacts.ts';
import { packageRoot } from '../src/paths.ts';
import { flagOf, type Question, questionKeys, questions } from '../src/questions.ts';

const read = (path: string) => readFileSync(join(packageRoot(), path), 'utf8');

describe('documentation', () => {
  for (const key of questionKeys) {
    it(`docs/questions.md has ${key} with its flag, default and help`, () => {
      const question: Question = questions[key];
      const row = read('docs/questions.md')
        .split('\n')
        .find((line) => line.startsWith(`| \`${key}\` |`));
      assert.ok(row);
      for (const part of [`--${flagOf(key)}`, question.default || 'none', question.help, ...(question.choices ?? [])]) {
        assert.ok(row.includes(part), part);
      }
    });
  }
  it('README.md names every owner', () => {
    for (const owner of Object.keys(owners))
      assert.ok(new RegExp(`comicpile nginx.*\\b${owner}\\b`).test(read('README.md')), owner);
  });
});
