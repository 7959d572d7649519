import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { commandsOf } from '../../src/cli/door.ts';
import { help } from '../../src/cli/help.ts';
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
    assert.match(stdout, /^ {2}scripts\/ +create \d+ files, \+\d+ lines$/m);
    assert.match(stdout, /create +\.env\.production \(0600, not shown\)\n/);
    assert.match(stdout, /create +secrets\/postgres_password \(0600, not shown\)\n/);
    assert.match(stdout, /\.\/scripts\/deploy\.sh/);
    const placeOf = (name: string) => `secrets/${name.toLowerCase()}`;
    const places = new Set(['.env.production', ...usualSecrets.map(placeOf)]);
    const secrets = usualSecrets.map((name) => readFileSync(join(directory, placeOf(name)), 'utf8').trim());
    assert.ok(secrets.every((secret) => /^[A-Za-z0-9_-]{43}$/.test(secret)));
    for (const [path, text] of Object.entries(tree(directory))) {
      if (!places.has(path)) assert.ok(!secrets.some((secret) => text.includes(secret)), path);
    }
    assert.ok(!secrets.some((secret) => stdout.includes(secret) || stderr.includes(secret)));
    for (const place of places) assert.equal(statSync(join(directory, place)).mode & 0o777, 0o600);
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

  // All others are in test/cli/main.test.ts: here is that a process ends as they do.
  for (const [title, args, env, expected] of [
    ['missing answers, all of them', [], {}, ['--domain', '--app-name', '--db-user', '--yes']],
    ['an unknown variable', ['--yes'], { COMICPILE_DOMIAN: 'x' }, ['Did you mean COMICPILE_DOMAIN?']],
  ] as const) {
    it(`refuses ${title}: exit 2, nothing written`, () => {
      const directory = scratch();
      const { status, stderr, stdout } = comicpile(directory, args, env);
      assert.equal(status, 2, stderr);
      for (const part of expected) assert.ok(stderr.includes(part), stderr);
      assert.equal(stdout, '');
      assert.deepEqual(readdirSync(directory), []);
    });
  }

  it('says in one line that a directory cannot be used', () => {
    const directory = scratch();
    writeFileSync(join(directory, 'file'), '');
    const { status, stderr } = comicpile(directory, ['--yes', '--output', 'file']);
    assert.equal(status, 1);
    assert.match(stderr, /^The directory cannot be used: ENOTDIR[^\n]*\n$/);
  });

  it('gives its help', () => {
    const { status, stdout, stderr } = comicpile(scratch(), ['--help', '--all']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(stdout, help({ run: commandsOf('comicpile') }, undefined, true));
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
    assert.equal(comicpile(scratch(), ['--version']).stdout, `${version}\n`);
  });

  it('uses no colours where there is no terminal', () => {
    assert.ok(!comicpile(scratch(), ['--yes'], { FORCE_COLOR: '1' }).stdout.includes('\u001b'));
  });
});
