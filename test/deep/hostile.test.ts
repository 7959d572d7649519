import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Question,
  type QuestionKey,
  questionKeys,
  questions,
  type RawAnswers,
} from '../../src/answers/questions.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { rawAnswers, renderAll, stackOf } from '../fixture.ts';
import { checkCharset } from './hostile/charset.ts';
import { hostile } from './hostile/corpus.ts';
import { isThere, readByPython, refusedByBash } from './hostile/foreign.ts';
import { checkHarmless, checkMessage, checkRefusal } from './hostile/refusal.ts';
import { mentionsSentinel, sentinelAnswers, type Variant } from './hostile/sentinel.ts';
import { type Changed, checkFile, checkSet, forge } from './hostile/set.ts';
import { checks } from './hostile/structure.ts';
import { contexts } from './hostile/variants.ts';

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

const needsExisting: readonly QuestionKey[] = [
  ...(['appEntry', 'databaseScheme', 'migrations'] as const),
  ...questionKeys.filter((key) => (questions[key] as Question).group === 'fit'),
];

// What an answer needs beside it to be used at all.
const companions = (key: QuestionKey, value: string): Partial<RawAnswers> => {
  // Nothing of the alerts is left of the context.
  if (key === 'monitoring') return { alertReceiver: 'none', alertEmail: '', smtpServer: '', logShipping: 'none' };
  if (key === 'cspPolicy') return { csp: value === '' ? 'api' : 'custom' };
  if (key === 'csp' && value === 'custom') return { cspPolicy: "default-src 'self'" };
  if (key === 'trustedProxies') return { behind: value.trim() === '' ? 'none' : 'proxies' };
  if (key === 'behind' && value !== 'none' && value !== 'cloudflare') return { trustedProxies: '10.0.0.0/8' };
  if (key === 'securityContact') return { securityTxtExpires: '2030-01-01' };
  if (key === 'securityTxtExpires') return { securityContact: 'x@x.example' };
  if (key === 'egress') return value === 'none' ? { egressAllow: '' } : {};
  if (key === 'egressAllow') return { egress: 'internet' };
  if (key === 'apiPaths') return { spa: 'web' };
  if (key === 'logShipping') return { monitoring: 'on' };
  if (key === 'alertReceiver' && value !== 'email') return { monitoring: 'on', alertEmail: '', smtpServer: '' };
  if (key === 'alertReceiver' || key === 'alertEmail' || key === 'smtpServer') {
    return {
      monitoring: 'on',
      alertReceiver: 'email',
      alertEmail: 'ops@mail.example',
      smtpServer: 'smtp.mail.example:587',
    };
  }
  return {};
};

// What the compose files set is not wanted of the user: such a name stands nowhere.
const withoutSet = ({
  requiredVariables,
  databaseVariables,
  queueVariables,
  secretKeyVariables,
}: RawAnswers): string => {
  if (requiredVariables === 'detect') return requiredVariables;
  const set = [databaseVariables, queueVariables, secretKeyVariables]
    .flatMap((text) => text.split(/[\s,]+/))
    .map((row) => row.split('=')[0]);
  const names = requiredVariables
    .split(/[\s,]+/)
    .filter((name) => !set.includes(name) && !/^(?:DB_[A-Z]+|DATABASE_URL|SECRET_KEY)(?:_PREVIOUS)?$/.test(name));
  return names.join(',') || 'none';
};

/** Random answers, bent so that they go together. */
const consistent = (raw: RawAnswers): RawAnswers => ({
  ...raw,
  ...(raw.app === 'existing'
    ? { requiredVariables: withoutSet(raw) }
    : {
        appEntry: questions.appEntry.default,
        migrations: 'alembic',
        databaseScheme: questions.databaseScheme.default,
        healthPath: raw.healthPath === 'none' ? questions.healthPath.default : raw.healthPath,
        ...Object.fromEntries(needsExisting.slice(3).map((key) => [key, questions[key].default])),
      }),
  csp: raw.cspPolicy === '' ? (raw.csp === 'custom' ? 'api' : raw.csp) : 'custom',
  behind: raw.trustedProxies.replace(/[\s,]/g, '') === '' ? 'cloudflare' : 'proxies',
  egress: raw.egressAllow.replace(/[\s,]/g, '') === '' ? raw.egress : 'internet',
  http3: 'off',
  monitoring: 'on',
  alertReceiver: raw.alertEmail === '' || raw.smtpServer === '' ? raw.alertReceiver.replace('email', 'slack') : 'email',
  ...(raw.alertEmail === '' || raw.smtpServer === '' ? { alertEmail: '', smtpServer: '' } : {}),
  apiPaths: raw.spa === '' ? questions.apiPaths.default : raw.apiPaths,
});

/** Proves one set; a promise about answers taken together may refuse it, in words that are as harmless. */
const trySet = (raw: RawAnswers, variant: Variant): boolean => {
  try {
    for (const file of checkSet(raw, variant)) changed.set(file.text, file);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal) || !/^(?:These answers|This application)/.test(error.message)) throw error;
    const check = error.message.startsWith('These answers') ? checkMessage : checkHarmless;
    for (const problem of error.problems) check(problem);
    return false;
  }
};

/** At most `count` of the items, spread over all of them. */
const spread = <Item>(items: readonly Item[], count: number): Item[] =>
  items.filter(
    (_, index) => Math.floor((index * count) / items.length) !== Math.floor(((index - 1) * count) / items.length),
  );

/** Skips, and says so in the title: a reader that is not there must not look like one that agrees. */
const need = (context: Mocha.Context, there: boolean, why: string): void => {
  if (there) return;
  if (context.test) context.test.title += ` [SKIPPED: ${why}]`;
  context.skip();
};

const choicesOf = (key: QuestionKey) => (questions[key] as Question).choices;

describe('hostile answers', () => {
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
          checkCharset(key, raw, parsed);
          accepted[key].set(JSON.stringify(parsed), raw);
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
        const usable = contexts.filter(([given]) => !needsExisting.includes(key) || given.app === 'existing');
        const raws = spread([...accepted[key].values()], setsEach);
        const choices = choicesOf(key);
        const proved = new Set<string>();
        for (const [index, value] of raws.entries()) {
          const under = choices ? usable : usable.slice(index % usable.length).slice(0, 1);
          for (const [given, variant] of under) {
            const raw = sentinelAnswers({ ...rawAnswers(given), ...companions(key, value), [key]: value });
            if (trySet({ ...raw, [key]: value }, variant)) proved.add(value);
          }
        }
        assert.ok(proved.size >= (choices?.length ?? setsEach * 0.9), `${proved.size} sets of ${raws.length}`);
      });
    }

    it('all questions at once', () => {
      const pools = Object.fromEntries(
        questionKeys.map((key) => [key, fc.constantFrom(...accepted[key].values())]),
      ) as Record<QuestionKey, fc.Arbitrary<string>>;
      const variants = fc.constantFrom(...contexts.map(([, variant]) => variant));
      let proved = 0;
      const tryAll = (raw: RawAnswers, variant: Variant) => {
        if (trySet(consistent(raw), variant)) proved += 1;
      };
      fc.assert(fc.property(fc.record(pools), variants, tryAll), { numRuns: 200, seed });
      assert.ok(proved >= 150, `${proved} sets`);
    });

    it('python3 reads every Python and TOML file, and finds what it found before', function () {
      need(this, isThere('python3', '-c', 'import tomllib'), 'no python3 of 3.11 or newer');
      const files = [...changed.values()].filter(({ to }) => /\.(?:py|toml)$/.test(to));
      const kinded = (to: string, text: string) => [to.endsWith('.py') ? 'py' : 'toml', text] as const;
      const bases = new Map(files.map(({ to, base }) => [base, kinded(to, base)]));
      const read = readByPython([...bases.values(), ...files.map(({ to, text }) => kinded(to, text))]);
      const meaning = new Map([...bases.keys()].map((base, index) => [base, read[index] ?? '']));
      assert.ok(files.length > 500, `${files.length} files`);
      for (const [index, { to, base, fill }] of files.entries()) {
        const before = meaning.get(base) ?? '';
        assert.doesNotMatch(before, /^error/, to);
        assert.equal(read[bases.size + index], fill(before), to);
      }
    });

    it('bash reads a sample of the scripts', function () {
      need(this, isThere('bash', '-c', ':'), 'no bash');
      const scripts = [...changed.values()].filter(({ to }) => to.endsWith('.sh')).map(({ text }) => text);
      assert.ok(scripts.length > 500, `${scripts.length} scripts`);
      assert.equal(refusedByBash(spread(scripts, 300)), '');
    });
  });

  // What src/answers/values.ts must never let through, put into the model by force.
  describe('the readers notice', () => {
    it('a sentinel nowhere in a render of ordinary answers', () => {
      for (const { artifact, text } of renderAll(stackOf())) assert.ok(!mentionsSentinel(text), artifact.to);
    });
    const forgeries: readonly (readonly [reader: string, to: string, Partial<Record<QuestionKey, string>>])[] = [
      ['yaml', 'docker-compose.prod.yml', { dbUser: 'null' }],
      ['yaml', 'docker-compose.prod.yml', { appName: 'x\nservices: {}' }],
      ['yaml', 'docker-compose.yml', { appName: 'a: b' }],
      ['nginx', 'nginx/sites/site.conf', { domain: 'a.example; return 200' }],
      ['nginx', 'nginx/sites/site.conf', { healthPath: '/a { return 200; } location /b' }],
      ['nginx', 'nginx/snippets/clients.conf', { bodySize: '1m # 10m' }],
      ['nginx', 'nginx/snippets/rate-limits.conf', { rateLimit: '1r/s burst=9' }],
      ['env', '.env.production', { domain: 'a.example\nSECRET_KEY=' }],
      ['dockerfile', 'Dockerfile', { appEntry: 'a:b", "--reload' }],
      ['dockerfile', 'Dockerfile', { appName: 'x\nUSER root' }],
      ['markdown', 'SECURITY.md', { domain: 'a.example\n# Heading' }],
      ['skeleton', 'scripts/lib.sh', { appName: "x'; id; '" }],
      ['skeleton', 'scripts/lib.sh', { healthPath: '/$(id)' }],
      ['skeleton', 'app/main.py', { appName: 'x", debug="' }],
      ['skeleton', 'app/static/index.html', { appName: 'x</title><script>' }],
    ];
    for (const [reader, to, forged] of forgeries) {
      it(`${JSON.stringify(forged)} in ${to}, by the reader ${reader}`, () => {
        const { file, answers } = forge(to, forged);
        const [files, check] = checks[reader] ?? assert.fail();
        assert.match(to, files);
        assert.throws(() => check(file.text, file.base, file.fill, answers));
      });
    }
    it('a value outside its place', () => {
      const { file, answers } = forge('scripts/lib.sh', {});
      checkFile(file, answers);
      for (const [word, instead] of [
        ['APP_NAME', 'sentinel-app'],
        ['sentinel-app', 'x'],
      ] as const) {
        assert.ok(file.text.includes(word), word);
        const text = file.text.replace(word, instead);
        assert.throws(() => checkFile({ ...file, text }, answers), /as bytes reads it/);
      }
    });
    it('broken Python and TOML', function () {
      need(this, isThere('python3', '-c', 'import tomllib'), 'no python3 of 3.11 or newer');
      for (const said of readByPython([
        ['py', 'x = ("'],
        ['toml', 'x = "'],
      ]))
        assert.match(said, /^error: /);
    });
    it('a broken script', function () {
      need(this, isThere('bash', '-c', ':'), 'no bash');
      assert.match(refusedByBash(['echo', "echo 'x"]), /1\.sh/);
    });
  });
});
