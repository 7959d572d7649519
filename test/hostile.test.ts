import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Question, type QuestionKey, questionKeys, questions, type RawAnswers } from '../src/questions.ts';
import { Refusal } from '../src/refusal.ts';
import { rawAnswers, renderAll, stackOf } from './fixture.ts';
import { checkCharset } from './hostile/charset.ts';
import { hostile } from './hostile/corpus.ts';
import { answers, readByPython, refusedByBash } from './hostile/foreign.ts';
import { checkMessage, checkRefusal } from './hostile/refusal.ts';
import { mentionsSentinel, sentinelAnswers, type Variant } from './hostile/sentinel.ts';
import { type Changed, checkSet } from './hostile/set.ts';

const values = 20_000;
const setsEach = 150;
const seed = 20_261_124;

/** Accepted answers of each question: one raw text for each value that it parses to. */
const accepted = Object.fromEntries(questionKeys.map((key) => [key, new Map<string, string>()])) as Record<
  QuestionKey,
  Map<string, string>
>;
/** Files that hold hostile answers, each distinct text once, for the readers in other processes. */
const changed = new Map<string, Changed>();

// The other answers while one question is tried; each tried one appears under several.
const contexts: readonly (readonly [Partial<RawAnswers>, Variant])[] = [
  [{}, { manager: 'uv', needsLibpq: false }],
  [
    { app: 'existing', secrets: 'files', hsts: 'no-preload' },
    { manager: 'requirements', needsLibpq: true },
  ],
  [
    { secrets: 'files', serverNames: 'x.example', certEmail: 'x@x.example' },
    { manager: 'uv', needsLibpq: false },
  ],
  [
    { app: 'existing', migrations: 'none', xssProtection: 'off' },
    { manager: 'uv', needsLibpq: false },
  ],
];
const needsExisting: readonly QuestionKey[] = ['appEntry', 'databaseScheme', 'migrations'];

/** Proves one set; a promise about answers taken together may refuse it, in words that are as harmless. */
const trySet = (raw: RawAnswers, variant: Variant): boolean => {
  try {
    for (const file of checkSet(raw, variant)) changed.set(file.text, file);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal) || !error.message.startsWith('These answers')) throw error;
    for (const problem of error.problems) checkMessage(problem);
    return false;
  }
};

/** At most `count` of the items, spread over all of them. */
const spread = <Item>(items: readonly Item[], count: number): Item[] =>
  items.filter(
    (_, index) => Math.floor((index * count) / items.length) !== Math.floor(((index - 1) * count) / items.length),
  );

const choicesOf = (key: QuestionKey) => (questions[key] as Question).choices;

describe('hostile answers', function () {
  this.timeout(120_000);

  describe(`of ${values} values, each is refused in harmless words or safe everywhere`, () => {
    for (const key of questionKeys) {
      it(key, () => {
        const tried = { accepted: 0, refused: 0 };
        const tryOne = (raw: string) => {
          let parsed: unknown;
          try {
            parsed = questions[key].parse(raw);
          } catch (error) {
            tried.refused += 1;
            return checkRefusal(key, error);
          }
          tried.accepted += 1;
          checkCharset(key, parsed);
          accepted[key].set(String(parsed), raw);
        };
        fc.assert(fc.property(hostile(key), tryOne), { numRuns: values, seed });
        assert.equal(tried.accepted + tried.refused, values);
        assert.ok(tried.accepted >= values / 10 && tried.refused >= values / 5, JSON.stringify(tried));
      });
    }
  });

  describe('accepted values stay in their places, and every file is what its reader expects', () => {
    for (const key of questionKeys) {
      it(key, () => {
        const raws = spread([...accepted[key].values()], setsEach);
        const usable = contexts.filter(([given]) => !needsExisting.includes(key) || given.app === 'existing');
        const proved = raws.filter((value, index) => {
          const [given, variant] = usable[index % usable.length] ?? contexts[0] ?? assert.fail();
          return trySet({ ...sentinelAnswers(rawAnswers(given)), [key]: value }, variant);
        });
        const wanted = choicesOf(key)?.length ?? setsEach * 0.9;
        assert.ok(proved.length >= wanted, `${proved.length} sets of ${raws.length}`);
      });
    }

    it('all questions at once', () => {
      const pools = Object.fromEntries(
        questionKeys.map((key) => [key, fc.constantFrom(...accepted[key].values())]),
      ) as Record<QuestionKey, fc.Arbitrary<string>>;
      const variants = fc.constantFrom(...contexts.map(([, variant]) => variant));
      let proved = 0;
      const tryAll = (raw: RawAnswers, variant: Variant) => {
        const app = raw.app === 'existing' ? {} : { appEntry: questions.appEntry.default, migrations: 'alembic' };
        const scheme = raw.app === 'existing' ? {} : { databaseScheme: questions.databaseScheme.default };
        if (trySet({ ...raw, ...app, ...scheme }, variant)) proved += 1;
      };
      fc.assert(fc.property(fc.record(pools), variants, tryAll), { numRuns: 200, seed });
      assert.ok(proved >= 150, `${proved} sets`);
    });

    it('python3 reads every Python and TOML file, and finds what it found before', function () {
      const hasToml = answers('python3', '-c', 'import tomllib');
      if (!hasToml && this.test) this.test.title += ' [SKIPPED: there is no python3 of 3.11 or newer]';
      if (!hasToml) this.skip();
      const files = [...changed.values()].filter(({ to }) => /\.(?:py|toml)$/.test(to));
      const kindOf = (to: string) => (to.endsWith('.py') ? 'py' : 'toml');
      const bases = [...new Set(files.map(({ to, base }) => `${kindOf(to)} ${base}`))];
      const read = readByPython([
        ...bases.map((text) => [text.startsWith('py') ? 'py' : 'toml', text.slice(text.indexOf(' ') + 1)] as const),
        ...files.map(({ to, text }) => [kindOf(to), text] as const),
      ]);
      const meaning = new Map(bases.map((text, index) => [text, read[index] ?? '']));
      assert.ok(files.length > 500, `${files.length} files`);
      for (const [index, { to, base, fill }] of files.entries()) {
        const before = meaning.get(`${kindOf(to)} ${base}`) ?? '';
        assert.doesNotMatch(before, /^error/, to);
        assert.equal(read[bases.length + index], fill(before), to);
      }
    });

    it('bash reads a sample of the scripts', function () {
      const hasBash = answers('bash', '-c', ':');
      if (!hasBash && this.test) this.test.title += ' [SKIPPED: there is no bash]';
      if (!hasBash) this.skip();
      const scripts = [...changed.values()].filter(({ to }) => to.endsWith('.sh')).map(({ text }) => text);
      assert.ok(scripts.length > 500, `${scripts.length} scripts`);
      assert.equal(refusedByBash(spread(scripts, 300)), '');
    });
  });

  describe('the readers notice', () => {
    it('a sentinel nowhere in a render of ordinary answers', () => {
      for (const { artifact, text } of renderAll(stackOf())) assert.ok(!mentionsSentinel(text), artifact.to);
    });
  });
});
