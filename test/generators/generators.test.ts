import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHelpers } from 'yeoman-test';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { basePath } from '../../src/changes/mergeBase.ts';
import { commandWords } from '../../src/cli/commandOf.ts';
import { type Artifact, applies, artifacts, type Owner, owners } from '../../src/emit/catalogue.ts';
import { scratch, stackOf } from '../fixture.ts';
import { ownState } from '../ownState.ts';

const helpers = createHelpers({});

const run = async (
  directory: string,
  name: string,
  options: Record<string, unknown>,
  args: readonly string[] = [],
  answers: Record<string, unknown> = {},
) => {
  process.exitCode = 0;
  await helpers
    .run(join(packageRoot(), 'dist/generators', name, 'index.js'), { namespace: `comicpile:${name}` }, {})
    .cd(directory)
    .withArguments([...args])
    .withAnswers(answers)
    .withOptions({ skipInstall: true, force: false, ...options } as object); // yeoman-test forces otherwise;
  const code = process.exitCode;
  process.exitCode = 0;
  return code;
};

const rowsOf = (owner?: Owner): readonly Artifact[] =>
  artifacts.filter((row) => (owner === undefined || row.owner === owner) && applies(stackOf())(row));
const filesOf = (owner?: Owner) => rowsOf(owner).map(({ to }) => to);
const notesOf = (owner: Owner) => [
  '.comicpile/.gitattributes',
  '.comicpile/lock.json',
  '.yo-rc.json',
  ...rowsOf(owner)
    .filter(({ kind }) => kind === undefined || kind === 'script')
    .map(({ to }) => basePath(to)),
];

// yeoman-test leaves the working directory where the generator ran.
const home = process.cwd();
const log = console.log;
const error = console.error;

describe('generators', () => {
  beforeEach(() => {
    console.log = () => undefined;
    console.error = () => undefined;
  });
  afterEach(() => {
    console.log = log;
    console.error = error;
    process.chdir(home);
  });

  it('are one for each command, and the whole', () => {
    const folders = readdirSync(join(packageRoot(), 'dist/generators'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    assert.deepEqual(folders.map(({ name }) => name).sort(), ['app', ...commandWords].sort());
  });

  it('app writes everything, as comicpile does', async () => {
    const directory = scratch();
    assert.equal(await run(directory, 'app', { yes: true, domain: 'a.example' }), 0);
    for (const path of filesOf()) assert.ok(existsSync(join(directory, path)), path);
    assert.equal(statSync(join(directory, '.env.production')).mode & 0o777, 0o600);
    const rc = JSON.parse(readFileSync(join(directory, '.yo-rc.json'), 'utf8'));
    assert.deepEqual([Object.keys(rc), rc['generator-comicpile'].domain], [['generator-comicpile'], 'a.example']);
  });

  it('monitoring says how it is turned on, and writes nothing', async () => {
    const directory = scratch();
    assert.notEqual(await run(directory, 'monitoring', { yes: true }), 0);
    assert.deepEqual(readdirSync(directory), []);
  });

  for (const owner of (Object.keys(owners) as Owner[]).filter((owner) => owner !== 'monitoring')) {
    it(`${owner} writes just its files`, async () => {
      const directory = scratch();
      assert.equal(await run(directory, owner, { yes: true }), 0);
      const written = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
        statSync(join(directory, path)).isFile(),
      );
      assert.deepEqual(written.sort(), [...notesOf(owner), ...filesOf(owner)].sort());
    });
  }

  it('file writes the named files alone', async () => {
    const directory = scratch();
    await run(directory, 'app', { yes: true });
    const paths = ['scripts/backup.sh', 'nginx/nginx.conf'];
    for (const path of [...paths, 'Dockerfile']) rmSync(join(directory, path));
    assert.equal(await run(directory, 'file', {}, paths), 0);
    for (const path of paths) assert.ok(existsSync(join(directory, path)), path);
    assert.equal(existsSync(join(directory, 'Dockerfile')), false);
  });

  it('speak of commands as yo takes them', async () => {
    const said: string[] = [];
    console.error = (line: string) => said.push(line);
    console.log = (line: string) => said.push(line);
    const directory = scratch();
    assert.equal(await run(directory, 'app', { yes: true }, ['nginx']), 2);
    assert.deepEqual(said, ['Give yo comicpile:nginx instead.']);
    assert.deepEqual(readdirSync(directory), []);
    await run(directory, 'app', { yes: true });
    rmSync(join(directory, 'Dockerfile'));
    said.length = 0;
    assert.equal(await run(directory, 'check', { skipInstall: false }), 1);
    assert.deepEqual(said, ['missing      Dockerfile: was deleted: yo comicpile:update --restore brings it back']);
  });

  it('update, check and diff are the verbs of comicpile', async () => {
    const directory = scratch();
    const verb = { skipInstall: false };
    await run(directory, 'app', { yes: true });
    assert.equal(await run(directory, 'check', verb), 0);
    writeFileSync(join(directory, 'Dockerfile'), '# mine\n');
    assert.equal(await run(directory, 'check', verb), 1);
    assert.equal(await run(directory, 'diff', verb, ['Dockerfile']), 1);
    assert.equal(await run(directory, 'diff', verb), 2);
    assert.equal(await run(directory, 'update', verb), 0);
    assert.equal(readFileSync(join(directory, 'Dockerfile'), 'utf8'), '# mine\n');
  });

  ownState();
  it('eject, templates and pack are, too', async () => {
    const directory = scratch();
    const verb = { skipInstall: false };
    assert.equal(await run(directory, 'pack', verb, ['@acme/comicpile-pack']), 0);
    await run(directory, 'app', { yes: true, packs: './comicpile-pack', trust: true, set: 'acmeTeam=Payments' });
    assert.match(readFileSync(join(directory, 'docs/on-call.md'), 'utf8'), /^Team: Payments$/m);
    assert.equal(await run(directory, 'eject', verb, ['nginx/nginx.conf#http']), 0);
    writeFileSync(join(directory, '.comicpile/templates/nginx/nginx.conf.extra/http.ejs'), '# mine\n');
    assert.equal(await run(directory, 'templates', verb, ['check']), 0);
    assert.equal(await run(directory, 'templates', verb, ['list']), 0);
    assert.equal(await run(directory, 'templates', verb, ['lsit']), 2);
    assert.equal(await run(directory, 'app', { ...verb, trust: true }), 0);
    assert.match(readFileSync(join(directory, 'nginx/nginx.conf'), 'utf8'), /Team on call: Payments\n {4}# mine\n/);
  });

  it('refuse bad answers with exit code 2 and write nothing', async () => {
    const directory = scratch();
    assert.equal(await run(directory, 'app', { yes: true, domain: 'bad host;' }), 2);
    assert.deepEqual(readdirSync(directory), []);
  });

  it('leave an edited file, and take ours with a copy when they are forced', async () => {
    const directory = scratch();
    await run(directory, 'app', { yes: true });
    writeFileSync(join(directory, 'Dockerfile'), '# mine\n');
    assert.equal(await run(directory, 'docker', {}), 0);
    assert.equal(readFileSync(join(directory, 'Dockerfile'), 'utf8'), '# mine\n');
    assert.equal(await run(directory, 'docker', { force: true }), 0);
    assert.equal(readFileSync(join(directory, 'Dockerfile.before-comicpile'), 'utf8'), '# mine\n');
  });

  it('refuse a place that is no project, unless a flag says that it is meant', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'go.mod'), '');
    assert.equal(await run(directory, 'app', { yes: true }), 2);
    assert.deepEqual(readdirSync(directory), ['go.mod']);
    assert.equal(await run(directory, 'app', { yes: true, allowPlace: true }), 0);
  });

  it('ask on a terminal before they write', async () => {
    const terminals = [process.stdin, process.stdout];
    const former = terminals.map(({ isTTY }) => isTTY);
    for (const terminal of terminals) terminal.isTTY = true;
    try {
      const directory = scratch();
      const options = { domain: 'a.example', appName: 'mine', dbUser: 'me' };
      assert.equal(await run(directory, 'app', options, [], { write: false }), 1);
      assert.deepEqual(readdirSync(directory), []);
      assert.equal(await run(directory, 'app', options, [], { write: true }), 0);
      assert.ok(existsSync(join(directory, 'Dockerfile')));
      assert.equal(await run(directory, 'app', {}, [], { write: false }), 0, 'nothing is asked where nothing changes');
    } finally {
      terminals.forEach((terminal, at) => {
        terminal.isTTY = former[at] ?? false;
      });
    }
  });
});
