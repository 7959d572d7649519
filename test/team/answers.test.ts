import assert from 'node:assert/strict';
import { answerKey, packAnswers, questionsOf } from '../../src/team/answers.ts';
import type { Pack } from '../../src/team/pack.ts';
import { packIn } from './packIn.ts';

const asking = (questions: object, id = 'acme') => packIn({ id, questions });
const problemsWith = (...packs: Pack[]): readonly string[] => {
  const said: string[] = [];
  questionsOf(packs, (_, problem) => said.push(problem));
  return said;
};
const team = { message: 'Team', kind: 'words', default: 'Platform' };
const tier = { message: 'Tier', kind: 'choice', choices: ['gold', 'silver'], default: 'gold' };

describe('answerKey', () => {
  it('is the id and the name as one word', () => assert.equal(answerKey('acme', 'teamName'), 'acmeTeamName'));
});

describe('questionsOf', () => {
  it('asks by the key of the answer; a switch and a choice have their words', () => {
    const pager = { message: 'Pager', help: 'who is called', kind: 'switch', default: 'off' };
    const questions = questionsOf([asking({ team, tier, pager })], assert.fail);
    assert.deepEqual(
      Object.entries(questions).map(([key, { message, help, choices }]) => [key, message, help, choices]),
      [
        ['acmeTeam', 'Team', '', undefined],
        ['acmeTier', 'Tier', '', ['gold', 'silver']],
        ['acmePager', 'Pager', 'who is called', ['on', 'off']],
      ],
    );
    assert.throws(() => questions.acmeTier?.parse('bronze'), /is not one of/);
  });
  it('says a default that is no answer, and choices where there are none to take', () => {
    assert.match(
      problemsWith(asking({ team: { ...team, default: 'yes' } }))[0] ?? '',
      /^questions\.team\.default: "yes" /,
    );
    for (const wrong of [
      { ...team, choices: ['a', 'b'] },
      { ...tier, choices: undefined },
    ])
      assert.match(
        problemsWith(asking({ grade: wrong }))[0] ?? '',
        /^questions\.grade: kind choice has choices, and no other/,
      );
  });
  it('says a key that two packs ask for', () =>
    assert.match(
      problemsWith(asking({ teamName: team }, 'acme'), asking({ name: team }, 'acmeTeam'))[0] ?? '',
      /acmeTeamName is asked by another pack already/,
    ));
});

describe('packAnswers', () => {
  it('are what templates see, by pack and question', () => {
    const packs = [
      asking({ team, tier }),
      asking({ port: { message: 'Port', kind: 'port', default: '9000' } }, 'other'),
    ];
    const questions = questionsOf(packs, assert.fail);
    const raw = { acmeTeam: 'Payments', acmeTier: 'silver', otherPort: '9001', elsewhere: 'x' };
    const answers = packAnswers(packs, questions, raw);
    assert.deepEqual(answers.acme, { team: 'Payments', tier: { value: 'silver', is: { gold: false, silver: true } } });
    assert.deepEqual(Object.keys(answers), ['acme', 'other']);
    assert.equal(String(answers.other?.port), '9001');
  });
});
