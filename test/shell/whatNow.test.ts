import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describeIn, folderOf, runScript } from '../cases/languages.ts';

/** What a run can change, and the words that only advice about it may have. */
const marks = {
  image: /the image is another/,
  configuration: /the configuration is another|--only configuration/,
  networks: /networks|scripts\/deploy\.sh/,
  migration: /schema|scripts\/restore\.sh FILE|scripts\/restore\.sh backups/,
  database: /the database in place is another/,
  dump: /a dump was made/,
  secrets: /what is written/,
  rights: /rights of the release/,
  app: /started anew/,
} as const;
const kinds = Object.keys(marks) as (keyof typeof marks)[];
type Step = { readonly word: 'did' | 'undid'; readonly kind: keyof typeof marks };

const steps = fc.array(
  fc.record<Step>({
    word: fc.constantFrom('did', 'did', 'undid'),
    kind: fc.constantFrom(...kinds),
  }),
  { maxLength: 14 },
);

/** What is changed when these steps are over. */
const left = (history: readonly Step[]): ReadonlySet<string> => {
  const now = new Set<string>();
  for (const { word, kind } of history) {
    if (word === 'did') now.add(kind);
    else now.delete(kind);
  }
  return now;
};

describeIn('bash', 'what a script that failed says it has changed', () => {
  const histories = fc.sample(steps, { numRuns: 300, seed: 7 });
  let answers: readonly string[];
  before(() => {
    const runs = histories.map((history) => {
      const lines = history.map(({ word, kind }) => (word === 'did' ? `did ${kind} detail-${kind}` : `undid ${kind}`));
      return `run_changed=(); ${lines.join('; ') || ':'}; what_now; echo ════ >&2`;
    });
    const script = ['. scripts/lib.sh', 'exec 2>&1', ...runs].join('\n');
    answers = runScript('bash', script, folderOf('scripts/lib.sh')).split('════\n').slice(0, -1);
  });

  it('names each thing that is changed, and nothing that is not or was taken back', () => {
    assert.equal(answers.length, histories.length);
    for (const [index, history] of histories.entries()) {
      const [text = '', now] = [answers[index], left(history)];
      for (const kind of kinds)
        assert.equal(marks[kind].test(text), now.has(kind), `${kind} after ${JSON.stringify(history)}:\n${text}`);
      assert.equal(text.trim().split('\n').length, Math.max(1, now.size), text);
      assert.equal(/nothing was changed/.test(text), now.size === 0, text);
    }
  });

  it('advises a dump only after a migration, and then the one that was made', () => {
    const say = (line: string) =>
      runScript('bash', `. scripts/lib.sh; exec 2>&1; ${line}; what_now`, folderOf('scripts/lib.sh'));
    assert.doesNotMatch(say('did dump backups/a.dump; did image x'), /restore\.sh/);
    assert.match(say('did dump backups/a.dump; did migration'), /scripts\/restore\.sh backups\/a\.dump\n/);
  });
});
