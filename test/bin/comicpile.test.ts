import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flagOf, questionKeys } from '../../src/answers/questions.ts';
import { readEnv } from '../../src/base/envFile.ts';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { flagKeys } from '../../src/cli/flags.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { scratch } from '../fixture.ts';
import { usualSecrets } from '../usualSecrets.ts';

const bin = join(packageRoot(), 'dist/bin/comicpile.js');

/** PATH without uv: the run must not depend on what the machine has. */
const comicpile = (cwd: string, args: readonly string[], env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: dirname(process.execPath), ...env },
  });
  return { status, stdout, stderr };
};

const tree = (directory: string) =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(directory, path)).isFile())
      .sort()
      .map((path) => [
        path,
        `${(statSync(join(directory, path)).mode & 0o777).toString(8)} ${readFileSync(join(directory, path), 'utf8')}`,
      ]),
  );

describe('comicpile', () => {
  it('generates a project from nothing but defaults, and prints no secret', () => {
    const directory = scratch();
    const { status, stdout, stderr } = comicpile(directory, ['--yes']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /create +scripts\/ +\d+ files\n/);
    assert.match(stdout, /create +\.env\.production \(0600, not shown\)\n/);
    assert.match(stdout, /\.\/scripts\/deploy\.sh/);
    const env = readEnv(readFileSync(join(directory, '.env.production'), 'utf8'));
    const secrets = usualSecrets.map((name) => env.get(name) ?? '');
    assert.ok(secrets.every((secret) => /^[A-Za-z0-9_-]{43}$/.test(secret)));
    for (const [path, text] of Object.entries(tree(directory))) {
      if (path !== '.env.production') assert.ok(!secrets.some((secret) => text.includes(secret)), path);
    }
    assert.ok(!secrets.some((secret) => stdout.includes(secret) || stderr.includes(secret)));
    assert.equal(statSync(join(directory, '.env.production')).mode & 0o777, 0o600);
    assert.equal(statSync(join(directory, 'scripts/deploy.sh')).mode & 0o777, 0o755);
  });

  it('changes nothing and asks nothing the second time', () => {
    const directory = scratch();
    comicpile(directory, ['--yes', '--domain', 'a.example']);
    const before = tree(directory);
    const { status, stdout } = comicpile(directory, []);
    assert.equal(status, 0);
    assert.match(stdout, /Nothing to change/);
    assert.deepEqual(tree(directory), before);
  });

  it('reads flags before variables before the answers file', () => {
    const directory = scratch();
    writeFileSync(
      join(directory, 'a.yml'),
      'domain: file.example\nappName: from-file\ndbUser: fromfile\npythonVersion: 3.12\n',
    );
    const { status, stderr } = comicpile(
      directory,
      ['--answers', 'a.yml', '--domain', 'flag.example', '--output', 'out'],
      {
        COMICPILE_APP_NAME: 'from-env',
        COMICPILE_DOMAIN: 'env.example',
      },
    );
    assert.equal(status, 0, stderr);
    const stored = JSON.parse(readFileSync(join(directory, 'out/.yo-rc.json'), 'utf8'))['generator-comicpile'];
    assert.deepEqual(
      [stored.domain, stored.appName, stored.dbUser, stored.pythonVersion],
      ['flag.example', 'from-env', 'fromfile', '3.12'],
    );
  });

  it('takes versions such as 3.20 of an answers file as text', () => {
    const directory = scratch();
    writeFileSync(join(directory, 'a.yml'), 'pythonVersion: 3.20\n');
    assert.match(comicpile(directory, ['--yes', '--answers', 'a.yml']).stderr, /"3\.20" is not one of 3\.10/);
  });

  for (const [title, args, env, expected] of [
    ['missing answers, all of them', [], {}, ['--domain', '--app-name', '--db-user', '--yes']],
    [
      'bad answers, all of them',
      ['--yes', '--domain', 'x', '--body-size', '9'],
      {},
      ['--domain: "x"', '--body-size: "9"'],
    ],
    ['an unknown flag', ['--domian', 'x'], {}, ['There is no flag --domian. Did you mean --domain?\n']],
    [
      'an unknown owner',
      ['ngnix'],
      {},
      ['There is no command "ngnix". Did you mean "nginx"? All commands: comicpile --help\n'],
    ],
    ['an unknown variable', ['--yes'], { COMICPILE_DOMIAN: 'x' }, ['Did you mean COMICPILE_DOMAIN?']],
    [
      'a key of the answers file',
      ['--yes', '--answers', 'typo.yml'],
      {},
      ['no question "domian". Did you mean "domain"?'],
    ],
    ['--all without --help', ['--all'], {}, ['--all is for the help of all questions: comicpile --help --all\n']],
    ['a flag without a value', ['--yes', '--output='], {}, ['--output needs a value: --output FOLDER.\n']],
    ['help of what is no command', ['help', 'ngnix'], {}, ['Did you mean "nginx"?']],
    ['a finding that is none', ['check', '--allow', 'edtied'], {}, ['Did you mean']],
    ['an absent answers file', ['--yes', '--answers', 'no.yml'], {}, ['no such answers file']],
    ['a hostile answers file', ['--yes', '--answers', 'hostile.yml'], {}, ['hostile.yml is not YAML']],
  ] as const) {
    it(`refuses ${title}: exit 2, nothing written`, () => {
      const directory = scratch();
      writeFileSync(join(directory, 'hostile.yml'), 'a: &a [x,x]\nb: &b [*a,*a]\ndomain: *b\n');
      writeFileSync(join(directory, 'typo.yml'), 'domian: a.example\n');
      const { status, stderr, stdout } = comicpile(directory, args, env);
      assert.equal(status, 2, stderr);
      for (const part of expected) assert.ok(stderr.includes(part), stderr);
      assert.equal(stdout, '');
      assert.deepEqual(readdirSync(directory).sort(), ['hostile.yml', 'typo.yml']);
    });
  }

  it('never overwrites an edited file without being told to', () => {
    const directory = scratch();
    comicpile(directory, ['--yes']);
    writeFileSync(join(directory, 'nginx/nginx.conf'), '# mine\n');
    rmSync(join(directory, 'Dockerfile'));
    const refused = comicpile(directory, []);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /nginx\/nginx\.conf/);
    assert.equal(existsSync(join(directory, 'Dockerfile')), false, 'nothing else is written either');
    assert.equal(comicpile(directory, ['--force']).status, 0);
    assert.match(readFileSync(join(directory, 'nginx/nginx.conf'), 'utf8'), /worker_processes/);
  });

  it('writes one owner only', () => {
    const directory = scratch();
    assert.equal(comicpile(directory, ['nginx', '--yes']).status, 0);
    assert.deepEqual(readdirSync(directory).sort(), ['.comicpile', '.yo-rc.json', 'nginx', 'ssl']);
  });

  it('lets changed answers change files that nobody edited, and says what else depends on them', () => {
    const directory = scratch();
    comicpile(directory, ['--yes']);
    const { status, stdout } = comicpile(directory, ['nginx', '--hsts', 'host-only']);
    assert.equal(status, 0);
    assert.match(stdout, /update +nginx\/snippets\/security-headers\.conf/);
    assert.match(stdout, /other files depend on them: run `comicpile`/);
    const rest = comicpile(directory, []);
    assert.equal(rest.status, 0, rest.stderr);
    assert.match(rest.stdout, /update +SECURITY\.md/);
    assert.equal(comicpile(directory, ['--dry-run']).status, 0);
  });

  for (const flag of ['--dry-run', '--diff']) {
    it(`${flag} writes nothing, exits 1 where something would change and 0 where not`, () => {
      const directory = scratch();
      const first = comicpile(directory, ['--yes', flag]);
      assert.equal(first.status, 1);
      assert.deepEqual(readdirSync(directory), []);
      assert.match(first.stdout, /docker-compose\.prod\.yml/);
      assert.doesNotMatch(first.stdout, /[A-Z]=[A-Za-z0-9_-]{43}/);
      comicpile(directory, ['--yes']);
      assert.equal(comicpile(directory, [flag]).status, 0);
    });
  }

  it('leaves the app to the user once it is there', () => {
    const directory = scratch();
    comicpile(directory, ['--yes']);
    rmSync(join(directory, 'app/routes/comics.py'));
    writeFileSync(join(directory, 'app/main.py'), '# mine\n');
    comicpile(directory, []);
    assert.equal(existsSync(join(directory, 'app/routes/comics.py')), false);
    comicpile(directory, ['fastapi']);
    assert.equal(existsSync(join(directory, 'app/routes/comics.py')), true);
    assert.equal(readFileSync(join(directory, 'app/main.py'), 'utf8'), '# mine\n');
  });

  it('keeps the files of an app that exists, and appends to its ignore file', () => {
    const directory = scratch();
    mkdirSync(join(directory, 'web'));
    const code =
      'import os\n\nimport asyncpg\nfrom fastapi import FastAPI\n\napp = FastAPI()\nurl = os.environ["DATABASE_URL"]\n';
    const mine = { 'requirements.txt': 'fastapi\nuvicorn\nasyncpg\n', 'web/main.py': code, '.gitignore': 'mine/\n' };
    for (const [path, text] of Object.entries(mine)) writeFileSync(join(directory, path), text);
    const { status, stderr } = comicpile(directory, ['--domain', 'a.example', '--app-name', 'mine', '--db-user', 'me']);
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(join(directory, 'web/main.py'), 'utf8'), mine['web/main.py']);
    assert.match(
      readFileSync(join(directory, '.gitignore'), 'utf8'),
      /^mine\/\n\n# generator-comicpile\n\.env\.production\n/,
    );
    assert.equal(existsSync(join(directory, 'app')), false);
  });

  it('keeps every secret and line of an environment file, and narrows its mode', () => {
    const directory = scratch();
    comicpile(directory, ['--yes']);
    const path = join(directory, '.env.production');
    const text = readFileSync(path, 'utf8').replace(/^SECRET_KEY=.*\n/m, 'MINE=1 # note\n');
    writeFileSync(path, text);
    chmodSync(path, 0o644);
    assert.equal(comicpile(directory, ['env']).status, 0);
    const after = readFileSync(path, 'utf8');
    assert.ok(after.startsWith(text));
    assert.match(after.slice(text.length), /^\n(?:#.*\n)+SECRET_KEY=[\w-]{43}\n$/);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('carries the secrets over when they are delivered as files', () => {
    const directory = scratch();
    comicpile(directory, ['--yes']);
    const env = readEnv(readFileSync(join(directory, '.env.production'), 'utf8'));
    assert.equal(comicpile(directory, ['--secrets', 'files']).status, 0);
    for (const name of usualSecrets) {
      const path = join(directory, 'secrets', name.toLowerCase());
      assert.equal(readFileSync(path, 'utf8').trim(), env.get(name));
      assert.equal(statSync(path).mode & 0o777, 0o600);
    }
  });

  it('finishes a change of answers that was stored but not written', () => {
    const directory = scratch();
    comicpile(directory, ['--yes']);
    const path = join(directory, '.yo-rc.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"10m"', '"20m"'));
    const { status, stderr } = comicpile(directory, ['--yes', '--body-size', '20m']);
    assert.equal(status, 0, stderr);
    assert.match(readFileSync(join(directory, 'nginx/snippets/clients.conf'), 'utf8'), /client_max_body_size +20m;/);
  });

  it('overwrites once when forced, and has no conflict afterwards', () => {
    const directory = scratch();
    comicpile(directory, ['--yes']);
    writeFileSync(join(directory, 'Dockerfile'), '# mine\n');
    assert.equal(comicpile(directory, ['--force']).status, 0);
    assert.equal(comicpile(directory, ['--body-size', '20m']).status, 0);
  });

  it('says that the environment file keeps its domain', () => {
    const directory = scratch();
    comicpile(directory, ['--yes']);
    const { stdout } = comicpile(directory, ['--domain', 'new.example']);
    assert.match(stdout, /DOMAIN in \.env\.production is still app\.example\.com/);
  });

  it('says in one line that a directory cannot be used', () => {
    const directory = scratch();
    writeFileSync(join(directory, 'file'), '');
    const { status, stderr } = comicpile(directory, ['--yes', '--output', 'file']);
    assert.equal(status, 1);
    assert.match(stderr, /^The directory cannot be used: ENOTDIR[^\n]*\n$/);
  });

  it('reports a weak secret by name only', () => {
    const directory = scratch();
    writeFileSync(join(directory, '.env.production'), 'DB_PASSWORD=hunter2\n', { mode: 0o600 });
    const { stdout, stderr } = comicpile(directory, ['--yes']);
    assert.match(stdout, /DB_PASSWORD in this project is short/);
    assert.ok(!`${stdout}${stderr}`.includes('hunter2'));
  });

  it('explains every flag', () => {
    const texts = [['--help', '--all'], ...Object.keys(verbs).map((verb) => [verb, '--help'])];
    const stdout = texts.map((args) => comicpile(scratch(), args).stdout).join('\n');
    for (const key of [...questionKeys, ...flagKeys]) assert.ok(stdout.includes(`--${flagOf(key)}`), key);
  });

  it('gives the same help for a flag and a word, whatever stands beside it', () => {
    const text = (...args: readonly string[]) => {
      const { status, stdout, stderr } = comicpile(scratch(), args);
      assert.deepEqual([status, stderr], [0, ''], args.join(' '));
      return stdout;
    };
    for (const [one, other] of [
      [['-h'], ['help']],
      [
        ['nginx', '--help'],
        ['help', 'nginx'],
      ],
      [
        ['update', '-h', '--dry-run'],
        ['help', 'update'],
      ],
      [
        ['--help', '--all'],
        ['help', '--all'],
      ],
    ] as const) {
      assert.equal(text(...one), text(...other));
    }
  });

  it('takes -y for --yes, and names every file with --verbose', () => {
    const directory = scratch();
    const { status, stdout } = comicpile(directory, ['-y', '--verbose']);
    assert.equal(status, 0);
    assert.match(stdout, /create +docker-compose\.prod\.yml\n/);
    assert.doesNotMatch(stdout, /\d files\n/);
  });

  it('knows its version', () => {
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
    for (const flag of ['--version', '-v']) assert.equal(comicpile(scratch(), [flag]).stdout, `${version}\n`);
  });

  it('uses no colours where there is no terminal', () => {
    assert.ok(!comicpile(scratch(), ['--yes'], { FORCE_COLOR: '1' }).stdout.includes('\u001b'));
  });
});
