import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '../../../src/base/envFile.ts';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { draw } from '../../../src/model/secrets.ts';
import { weaknessOf } from '../../../src/model/weakness.ts';
import { images } from '../../../src/policy/images.ts';
import { renderAll, stackOf } from '../../fixture.ts';
import { corpus } from '../../model/weakValues.ts';
import { builtImage } from '../builtImage.ts';
import { freshName } from '../generated.ts';
import { must, run } from '../run.ts';
import { workshop } from '../scratch.ts';

const emitted = (path: string): string => renderAll(stackOf()).find(({ artifact }) => artifact.to === path)?.text ?? '';
const folder = (): string => {
  const directory = join(workshop, freshName());
  mkdirSync(directory);
  return directory;
};

/** Secrets as the emitted scripts draw them. */
const drawnByScripts = async (count: number): Promise<string[]> => {
  const cwd = folder();
  mkdirSync(join(cwd, 'scripts'));
  writeFileSync(join(cwd, 'scripts/lib.sh'), emitted('scripts/lib.sh'));
  const loop = `. scripts/lib.sh; for ((i = 0; i < ${count}; i++)); do draw_secret; echo; done`;
  return (await must('bash', ['-c', loop], { cwd })).stdout.split('\n');
};

type Wrong = Readonly<Record<string, number>>;

// Each is refused or mangled by the parsers beside it, so none of those would pass whatever it read. Compose has its own.
const controls: readonly (readonly [what: string, value: string, parsers: readonly string[]])[] = [
  [
    'plain base64, with a slash',
    `${randomBytes(15).toString('base64')}/${randomBytes(14).toString('base64')}`,
    ['libpq, URI', 'asyncpg', 'urllib.parse', 'SQLAlchemy', 'pydantic, environment'],
  ],
  ['a dollar sign', `${draw(16)}$HOME`, ['dash', 'busybox sh']],
  ['a backquote', `${draw(16)}\`id\``, ['dash', 'busybox sh']],
  ['a percent sign', `${draw(16)}%40`, ['libpq, URI', 'asyncpg', 'urllib.parse', 'SQLAlchemy', 'ConfigParser']],
  ['a blank and a quote', `${draw(16)} it's`, ['libpq, key=value', 'dash', 'busybox sh']],
  ['a blank at the end', `${draw(32)} `, ['pydantic, secret file']],
];

/** What Compose makes of values in an --env-file (alone and in a URL) and in an env_file, and how many of those are wrong. */
const wrongInCompose = async (values: readonly string[]): Promise<Wrong> => {
  const cwd = folder();
  const url = (value: string) => `postgresql://keeper:${value}@db:5432/comics`;
  const all = <Value>(make: (index: number) => readonly [string, Value]) =>
    Object.fromEntries(values.map((_, index) => make(index)));
  writeFileSync(join(cwd, 'values.env'), values.map((value, index) => `S${index}=${value}\n`).join(''));
  const services = {
    alone: { image: 'x', environment: all((index) => [`S${index}`, `\${S${index}:?}`]) },
    url: { image: 'x', environment: all((index) => [`S${index}`, url(`\${S${index}:?}`)]) },
    file: { image: 'x', env_file: ['values.env'] },
  };
  writeFileSync(join(cwd, 'compose.yml'), JSON.stringify({ services }));
  const config = ['compose', '-f', 'compose.yml', '--env-file', 'values.env', 'config', '--format', 'json'];
  const { code, stdout } = await run('docker', config, { cwd });
  type Config = { services: Record<string, { environment?: Record<string, string> }> };
  const read = code === 0 ? (JSON.parse(stdout) as Config).services : {};
  const wrong = (service: string, wanted: (value: string) => string) =>
    values.filter((value, index) => read[service]?.environment?.[`S${index}`] !== wanted(value)).length;
  return {
    'Compose, alone': wrong('alone', (value) => value),
    'Compose, in a URL': wrong('url', url),
    'Compose, env_file': wrong('file', (value) => value),
  };
};

describe('secrets in the syntax of all that reads them', () => {
  let image: string;
  const inImage = async (script: string, input: unknown): Promise<unknown> => {
    const args = ['run', '--rm', '--interactive', '--network', 'none', '--read-only', '--tmpfs', '/tmp', image];
    const { stdout } = await must('docker', [...args, 'python', script], { input: JSON.stringify(input) });
    return JSON.parse(stdout);
  };

  before(async function () {
    this.timeout(600_000);
    const python = images('3.13').python;
    const context = join(packageRoot(), 'test', 'stack', 'syntax', 'image');
    image = await builtImage({ name: 'comicpile-test-syntax', context, base: python, args: { PYTHON: python } });
  });

  it('10,000 drawn by the generator and 1,000 by the scripts are read back bit for bit', async () => {
    const values = [...Array.from({ length: 10_000 }, () => draw(32)), ...(await drawnByScripts(1_000))];
    assert.equal(new Set(values).size, 11_000);
    const [wrong] = (await inImage('parse.py', [values])) as [Wrong];
    const ours = readEnv(values.map((value, index) => `S${index}=${value}`).join('\n'));
    const counts: Wrong = {
      ...wrong,
      ...(await wrongInCompose(values)),
      'our own reading': values.filter((value, index) => ours.get(`S${index}`) !== value).length,
    };
    console.log(`      ${Object.keys(counts).length} parsers: ${Object.keys(counts).join('; ')}`);
    assert.deepEqual(
      Object.entries(counts).filter(([, count]) => count > 0),
      [],
    );
  });

  it('the same parsers do not read back what is no such secret', async () => {
    const batches = controls.map(([, value]) => [value]);
    const found = (await inImage('parse.py', batches)) as readonly Wrong[];
    const missed = new Set(Object.keys(found[0] ?? {}));
    for (const [index, [what, , parsers]] of controls.entries()) {
      for (const parser of parsers) {
        assert.equal(found[index]?.[parser], 1, `${parser}: ${what}`);
        missed.delete(parser);
      }
    }
    assert.deepEqual([...missed], [], 'parsers without a control');
    assert.deepEqual(await wrongInCompose([draw(32), `${draw(16)}$HOME`, `${draw(16)} # x`]), {
      'Compose, alone': 2,
      'Compose, in a URL': 2,
      'Compose, env_file': 2,
    });
  });

  it('a line of an environment file, however it is written, is the same to Compose, to us and to the scripts', async () => {
    const value = draw(32);
    for (const line of [
      `S=${value}`,
      ` export S = ${value} `,
      `S="${value}" # note`,
      `S='${value}'`,
      `S=${value} # note`,
      `S: ${value}`,
      `S=first\nS=${value}`,
      `# S=no\r\nS=${value}\r\nT=1\r\n`,
    ]) {
      const cwd = folder();
      const shown = JSON.stringify(line.replaceAll(value, '…'));
      mkdirSync(join(cwd, 'scripts'));
      writeFileSync(join(cwd, 'scripts/lib.sh'), emitted('scripts/lib.sh'));
      writeFileSync(join(cwd, '.env.production'), line);
      writeFileSync(join(cwd, 'compose.yml'), 'services: {x: {image: x, environment: {S: "${S:?}"}}}');
      const config = ['compose', '-f', 'compose.yml', '--env-file', '.env.production', 'config', '--format', 'json'];
      const { stdout } = await must('docker', config, { cwd });
      assert.ok(JSON.parse(stdout).services.x.environment.S === value, `Compose: ${shown}`);
      assert.ok(readEnv(line).get('S') === value, `the generator: ${shown}`);
      const { stdout: read } = await must('bash', ['-c', '. scripts/lib.sh; env_get S'], { cwd });
      assert.ok(read === value, `the scripts: ${shown}`);
    }
  });

  it('the emitted app refuses the values that the generator calls weak, with the same words', async () => {
    const values = corpus();
    const said = await inImage('weakness.py', { settings: emitted('app/settings.py'), values });
    assert.deepEqual(
      said,
      values.map((value) => weaknessOf(value) ?? ''),
    );
  });
});
