import assert from 'node:assert/strict';
import { flagOf, type Question, questionKeys, questions, variableOf } from '../../src/answers/questions.ts';
import { flagKeys } from '../../src/cli/flags.ts';

describe('questions', () => {
  for (const key of questionKeys) {
    const question: Question = questions[key];
    it(`${key} takes its own default`, () => assert.doesNotThrow(() => question.parse(question.default)));
    it(`${key} takes each of its choices`, () => {
      for (const choice of question.choices ?? []) assert.equal(question.parse(choice), choice);
    });
    it(`${key} explains itself, in sentences that need no message`, () => {
      assert.ok(question.message.length > 5);
      assert.match(question.help, /^[A-Z][^\n]{20,}\.$/);
      assert.doesNotMatch(question.help, /\. [a-z]|e\.g\./);
    });
  }
  it('has no name that steers a run', () => {
    assert.deepEqual(
      questionKeys.filter((key) => (flagKeys as string[]).includes(key)),
      [],
    );
  });
  it('asks three things first', () => {
    assert.deepEqual(
      questionKeys.filter((key) => questions[key].group === 'main'),
      ['domain', 'appName', 'dbUser'],
    );
  });
});

describe('flagOf', () => it('is kebab-case', () => assert.equal(flagOf('dbUser'), 'db-user')));
describe('variableOf', () =>
  it('is upper snake-case', () => assert.equal(variableOf('loginRateLimit'), 'COMICPILE_LOGIN_RATE_LIMIT')));
