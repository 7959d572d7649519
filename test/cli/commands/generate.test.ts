import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flagOf } from '../../../src/answers/questions.ts';
import type { Door } from '../../../src/base/door.ts';
import { readEnv } from '../../../src/base/envFile.ts';
import type { Refusal } from '../../../src/base/refusal.ts';
import { readLock } from '../../../src/changes/lock.ts';
import type { Request } from '../../../src/cli/commands/generate.ts';
import { scratch, silentDoor } from '../../fixture.ts';
import { generateIn } from '../../generateIn.ts';
import * as inProcess from '../../inProcess.ts';
import { bytesAt, commitAll, git, isStable, isWhole, needed, put, theirs, treeOf } from '../../theirFiles.ts';
import { usualSecrets } from '../../usualSecrets.ts';

// Whatever is there and whatever is chosen, and a kill at any moment: test/deep/generate.test.ts.
describe('files that were there before us', () => {
  it('are refused without a terminal, all at once, and nothing is written', async () => {
    const directory = put(scratch(), { ...theirs, ...needed });
    const tree = treeOf(directory);
    await assert.rejects(generateIn(directory, silentDoor(), {}), (error: Refusal) => {
      const all = Object.keys({ ...theirs, ...needed }).filter((path) => path !== 'Makefile');
      for (const path of all) assert.ok(error.message.includes(`- ${path} was there before us\n`), path);
      assert.equal(error.code, 1);
      return true;
    });
    assert.deepEqual(treeOf(directory), tree);
  });

  it('--existing keep: theirs stay, ours are beside them, and every later run knows', async () => {
    const directory = put(scratch(), theirs);
    const door = silentDoor();
    assert.equal(await generateIn(directory, door, {}, { existing: 'keep' }), 0);
    for (const [path, content] of Object.entries(theirs))
      assert.equal(bytesAt(directory, path)?.toString(), content, path);
    assert.deepEqual(readLock(directory).places, {
      '.env.example': 'comicpile.env.example',
      '.github/dependabot.yml': null,
      Dockerfile: 'Dockerfile.comicpile',
      'SECURITY.md': 'SECURITY.comicpile.md',
      'docker-compose.prod.yml': 'docker-compose.comicpile-prod.yml',
      'docker-compose.yml': 'docker-compose.comicpile.yml',
    });
    const said = door.said.join('\n');
    assert.match(said, /The name Dockerfile is yours: ours is Dockerfile\.comicpile/);
    assert.match(said, /Yours does for \.github\/dependabot\.yml/);
    assert.match(said, /Your Makefile stays/);
    assert.match(said, /docker compose -f docker-compose\.comicpile\.yml up --build --wait /);
    isWhole(directory);
    await isStable(directory);
    assert.equal(await generateIn(directory, silentDoor(), { hsts: 'full' }), 0);
    assert.match(bytesAt(directory, 'SECURITY.comicpile.md')?.toString() ?? '', /Strict-Transport-Security/);
  });

  it('--existing keep: what the deployment reads in the same place cannot stay', async () => {
    const directory = put(scratch(), { ...theirs, ...needed });
    const tree = treeOf(directory);
    for (const more of [{}, { dryRun: true }]) {
      await assert.rejects(
        generateIn(directory, silentDoor(), {}, { existing: 'keep', ...more }),
        /- nginx\/nginx\.conf was there before us, and cannot stay[^\n]*\n {2}- scripts\/deploy\.sh was/,
      );
    }
    assert.deepEqual(treeOf(directory), tree);
  });

  for (const more of [{ existing: 'backup' }, { force: true }] as const) {
    it(`${JSON.stringify(more)}: ours, and a copy of theirs with its mode, which neither git nor an image gets`, async () => {
      const directory = put(scratch(), { ...theirs, ...needed, '.gitignore': 'mine/\n' });
      chmodSync(join(directory, 'docker-compose.yml'), 0o600);
      assert.equal(await generateIn(directory, silentDoor(), {}, more), 0);
      for (const [path, content] of Object.entries({ ...theirs, ...needed })) {
        const copy = path === 'Makefile' ? path : `${path}.before-comicpile`;
        assert.equal(bytesAt(directory, copy)?.toString(), content, path);
      }
      assert.equal(statSync(join(directory, 'docker-compose.yml.before-comicpile')).mode & 0o777, 0o600);
      assert.deepEqual(readLock(directory).places, {});
      commitAll(directory);
      git(directory, 'rm', '-r', '--quiet', '--cached', '.');
      git(directory, 'add', '--all');
      assert.doesNotMatch(git(directory, 'ls-files').stdout.toString(), /before-comicpile/);
      assert.match(
        bytesAt(directory, '.gitignore')?.toString() ?? '',
        /^mine\/\n\n# generator-comicpile\n[^#]*\n\*\.before-comicpile\*\n$/,
      );
      assert.match(bytesAt(directory, '.dockerignore')?.toString() ?? '', /^\*\*\/\*\.before-comicpile\*$/m);
      isWhole(directory);
      await isStable(directory);
    });
  }

  it('of one owner have their copies kept out too', async () => {
    const directory = put(scratch(), { Dockerfile: 'FROM scratch\n', '.gitignore': 'mine/\n' });
    assert.equal(await generateIn(directory, silentDoor(), {}, { owner: 'docker', existing: 'backup' }), 0);
    assert.equal(bytesAt(directory, '.gitignore')?.toString(), 'mine/\n\n# generator-comicpile\n*.before-comicpile*\n');
    assert.equal(bytesAt(directory, 'Dockerfile.before-comicpile')?.toString(), 'FROM scratch\n');
  });

  it('a preview says what flags would do, and shows no value of theirs', async () => {
    const directory = put(scratch(), theirs);
    const tree = treeOf(directory);
    const said = async (more: Partial<Request>) => {
      const door = silentDoor();
      assert.equal(await generateIn(directory, door, {}, more), 1);
      return door.said.join('\n');
    };
    assert.match(await said({ dryRun: true }), /conflict {3}Dockerfile\n/);
    assert.match(
      await said({ dryRun: true, existing: 'backup' }),
      /backup {5}Dockerfile\.before-comicpile\n.*overwrite {2}Dockerfile\n/,
    );
    assert.match(
      await said({ dryRun: true, existing: 'keep' }),
      /ours is Dockerfile\.comicpile[\s\S]*create {5}Dockerfile\.comicpile\n/,
    );
    for (const more of [{}, { existing: 'backup' }] as const) {
      const text = await said({ diff: true, ...more });
      assert.match(text, /^- +API_TOKEN: \(not shown\)$/m);
      assert.doesNotMatch(text, /t0psecret/);
    }
    assert.deepEqual(treeOf(directory), tree);
  });

  it('names that other tools read in place of ours are respected without a question', async () => {
    const directory = put(scratch(), { 'compose.yaml': 'services: {}\n', '.github/dependabot.yaml': 'version: 2\n' });
    assert.equal(await generateIn(directory, silentDoor(), {}), 0);
    assert.deepEqual(readLock(directory).places, {
      '.github/dependabot.yml': null,
      'docker-compose.yml': 'docker-compose.comicpile.yml',
    });
    isWhole(directory);
    await isStable(directory);
    rmSync(join(directory, 'compose.yaml'));
    await isStable(directory);
  });

  it('a lock of others cannot name a place', async () => {
    const directory = put(scratch(), {});
    await generateIn(directory, silentDoor(), {});
    const lock = join(directory, '.comicpile/lock.json');
    writeFileSync(
      lock,
      readFileSync(lock, 'utf8').replace('"packs": {}', '"packs": {}, "places": {"Dockerfile": "$(id)"}'),
    );
    await assert.rejects(
      generateIn(directory, silentDoor(), {}),
      /Dockerfile cannot be at "\$\(id\)", but for example at Dockerfile\.comicpile/,
    );
  });

  it('a merge without a base marks every difference, notes ours as the next base, and keeps a copy', async () => {
    const directory = put(scratch(), { 'scripts/scan.sh': '#!/usr/bin/env bash\necho mine\n' });
    const door: Door = { ...silentDoor(), interactive: true, prompt: () => Promise.resolve({ choice: 'merge' }) };
    assert.equal(await generateIn(directory, door, {}), 1);
    const merged = bytesAt(directory, 'scripts/scan.sh')?.toString() ?? '';
    assert.match(merged, /^#!\/usr\/bin\/env bash\n<<<<<<< yours\necho mine\n=======\n[\s\S]*\n>>>>>>> comicpile /);
    assert.match(bytesAt(directory, 'scripts/scan.sh.before-comicpile')?.toString() ?? '', /echo mine\n$/);
    const ours = merged.replace(/<<<<<<< yours\n[\s\S]*?=======\n([\s\S]*?)>>>>>>> .*\n/g, '$1');
    assert.equal(bytesAt(directory, '.comicpile/base/scripts/scan.sh')?.toString(), ours);
  });

  it('a file to which lines are appended must be text', async () => {
    const directory = put(scratch(), { '.gitignore': Buffer.from([0x63, 0xe9, 0x0a]) });
    await assert.rejects(generateIn(directory, silentDoor(), {}), /not in UTF-8[\s\S]*- \.gitignore/);
    assert.deepEqual(readdirSync(directory), ['.gitignore']);
  });
});

describe('a dirty tree and secrets in git', () => {
  it('are told in a first run, and not touched', async () => {
    const directory = put(scratch(), { '.gitignore': 'x\n', 'a.py~': '', 'b.txt': '', '.env': 'A=t0psecret\n' });
    commitAll(directory);
    put(directory, { '.gitignore': 'y\n', 'b.txt': 'b\n', 'new.txt': '' });
    const door = silentDoor();
    assert.equal(await generateIn(directory, door, {}), 0);
    const said = door.said.join('\n');
    assert.match(
      said,
      /2 files are changed and not committed; they stay as they are, but for what is listed above: \.gitignore\.\n/,
    );
    assert.match(said, /git rm --cached -- \.env\n[\s\S]*\n {2}\.env: settings with their values/);
    assert.doesNotMatch(said, /t0psecret/);
    assert.equal(bytesAt(directory, 'b.txt')?.toString(), 'b\n');
    assert.ok(bytesAt(directory, '.gitignore')?.toString().startsWith('y\n'));
    const later = silentDoor();
    assert.equal(await generateIn(directory, later, {}), 0);
    assert.doesNotMatch(later.said.join('\n'), /not committed/);
  });
  it('are not spoken of where there is nothing to say', async () => {
    const directory = put(scratch(), { 'b.txt': '' });
    commitAll(directory);
    const door = silentDoor();
    await generateIn(directory, door, {});
    assert.doesNotMatch(door.said.join('\n'), /committed|follows/);
  });
});

describe('a generation, by its words and flags', () => {
  /** Whatever of uv this machine has. */
  const comicpile = (directory: string, words = '', flags: Parameters<typeof inProcess.comicpile>[2] = {}) =>
    inProcess.comicpile(directory, words, { skipInstall: true, ...flags });

  it('writes one owner only', async () => {
    const directory = scratch();
    assert.equal((await comicpile(directory, 'nginx', { yes: true })).code, 0);
    assert.deepEqual(readdirSync(directory).sort(), ['.comicpile', '.yo-rc.json', 'nginx', 'ssl']);
  });

  it('lets changed answers change files that nobody edited, and says what else depends on them', async () => {
    const directory = scratch();
    await comicpile(directory, '', { yes: true });
    const { code, stdout } = await comicpile(directory, 'nginx', { hsts: 'full' });
    assert.equal(code, 0);
    assert.match(stdout, /update +nginx\/snippets\/header-values\.conf/);
    assert.match(stdout, /other files depend on them: run `comicpile`/);
    const rest = await comicpile(directory);
    assert.equal(rest.code, 0, rest.stderr);
    assert.match(rest.stdout, /update +SECURITY\.md/);
    assert.equal((await comicpile(directory, '', { dryRun: true })).code, 0);
  });

  for (const flag of ['dryRun', 'diff']) {
    it(`--${flagOf(flag)} writes nothing, exits 1 where something would change and 0 where not`, async () => {
      const directory = scratch();
      const first = await comicpile(directory, '', { yes: true, [flag]: true });
      assert.equal(first.code, 1);
      assert.deepEqual(readdirSync(directory), []);
      assert.match(first.stdout, /docker-compose\.prod\.yml/);
      assert.doesNotMatch(first.stdout, /[A-Z]=[A-Za-z0-9_-]{43}/);
      await comicpile(directory, '', { yes: true });
      assert.equal((await comicpile(directory, '', { [flag]: true })).code, 0);
    });
  }

  it('leaves the app to the user once it is there', async () => {
    const directory = scratch();
    await comicpile(directory, '', { yes: true });
    rmSync(join(directory, 'app/routes/comics.py'));
    writeFileSync(join(directory, 'app/main.py'), '# mine\n');
    await comicpile(directory);
    assert.equal(existsSync(join(directory, 'app/routes/comics.py')), false);
    await comicpile(directory, 'fastapi');
    assert.equal(existsSync(join(directory, 'app/routes/comics.py')), true);
    assert.equal(readFileSync(join(directory, 'app/main.py'), 'utf8'), '# mine\n');
  });

  it('keeps the files of an app that exists, and appends to its ignore file', async () => {
    const directory = scratch();
    mkdirSync(join(directory, 'web'));
    const main =
      'import os\n\nimport asyncpg\nfrom fastapi import FastAPI\n\napp = FastAPI()\nurl = os.environ["DATABASE_URL"]\n';
    const mine = { 'requirements.txt': 'fastapi\nuvicorn\nasyncpg\n', 'web/main.py': main, '.gitignore': 'mine/\n' };
    for (const [path, text] of Object.entries(mine)) writeFileSync(join(directory, path), text);
    const { code, stderr } = await comicpile(directory, '', { domain: 'a.example', appName: 'mine', dbUser: 'me' });
    assert.equal(code, 0, stderr);
    assert.equal(readFileSync(join(directory, 'web/main.py'), 'utf8'), mine['web/main.py']);
    assert.match(
      readFileSync(join(directory, '.gitignore'), 'utf8'),
      /^mine\/\n\n# generator-comicpile\n\.env\.production\n/,
    );
    assert.equal(existsSync(join(directory, 'app')), false);
  });

  it('keeps every secret and line of an environment file, and narrows its mode', async () => {
    const directory = scratch();
    await comicpile(directory, '', { yes: true, secrets: 'env' });
    const path = join(directory, '.env.production');
    const text = readFileSync(path, 'utf8').replace(/^SECRET_KEY=.*\n/m, 'MINE=1 # note\n');
    writeFileSync(path, text);
    chmodSync(path, 0o644);
    assert.equal((await comicpile(directory, 'env')).code, 0);
    const after = readFileSync(path, 'utf8');
    assert.ok(after.startsWith(text));
    assert.match(after.slice(text.length), /^\n(?:#.*\n)+SECRET_KEY=[\w-]{43}\n$/);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('carries the secrets over when they are delivered as files', async () => {
    const directory = scratch();
    await comicpile(directory, '', { yes: true, secrets: 'env' });
    const env = readEnv(readFileSync(join(directory, '.env.production'), 'utf8'));
    const { code, stdout } = await comicpile(directory, '', { secrets: 'files' });
    assert.equal(code, 0);
    for (const name of usualSecrets) {
      const path = join(directory, 'secrets', name.toLowerCase());
      assert.equal(readFileSync(path, 'utf8').trim(), env.get(name));
      assert.equal(statSync(path).mode & 0o777, 0o600);
    }
    assert.match(stdout, /POSTGRES_PASSWORD, .* in \.env\.production are not read any more.*Delete these lines/);
  });

  it('finishes a change of answers that was stored but not written', async () => {
    const directory = scratch();
    await comicpile(directory, '', { yes: true });
    const path = join(directory, '.yo-rc.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"10m"', '"20m"'));
    const { code, stderr } = await comicpile(directory, '', { yes: true, bodySize: '20m' });
    assert.equal(code, 0, stderr);
    assert.match(readFileSync(join(directory, 'nginx/snippets/clients.conf'), 'utf8'), /client_max_body_size +20m;/);
  });

  it('says that the environment file keeps its domain', async () => {
    const directory = scratch();
    await comicpile(directory, '', { yes: true });
    const { stdout } = await comicpile(directory, '', { domain: 'new.example' });
    assert.match(stdout, /DOMAIN in \.env\.production is still app\.example\.com/);
  });

  it('reports a weak secret by name only', async () => {
    const directory = scratch();
    writeFileSync(join(directory, '.env.production'), 'DB_PASSWORD=hunter2\n', { mode: 0o600 });
    const { stdout, stderr } = await comicpile(directory, '', { yes: true });
    assert.match(stdout, /DB_PASSWORD in this project is short/);
    assert.ok(!`${stdout}${stderr}`.includes('hunter2'));
  });
});

describe('a file of ours that was edited, in a later run', () => {
  const run = (directory: string, flags: Parameters<typeof inProcess.comicpile>[2] = {}, words = '') =>
    inProcess.comicpile(directory, words, { ...(words === '' ? { skipInstall: true } : {}), ...flags });
  const generated = async (): Promise<string> => {
    const directory = scratch();
    assert.equal((await run(directory, { yes: true })).code, 0);
    return directory;
  };
  const edit = (directory: string, path: string, change: (text: string) => string): void =>
    writeFileSync(join(directory, path), change(readFileSync(join(directory, path), 'utf8')));
  const text = (directory: string, path: string) => readFileSync(join(directory, path), 'utf8');
  const limits = 'nginx/snippets/clients.conf';

  it('is one judgement of run, check, diff and update: Windows line ends of a checkout are no edit', async () => {
    const directory = await generated();
    const paths = Object.keys(readLock(directory).files);
    for (const path of paths) edit(directory, path, (content) => content.replaceAll('\n', '\r\n'));
    const tree = treeOf(directory);
    const ran = await run(directory);
    assert.deepEqual([ran.code, ran.stderr], [0, '']);
    assert.match(ran.stdout, /^Nothing to change\n/);
    assert.equal((await run(directory, {}, 'check')).code, 0);
    assert.equal((await run(directory, { dryRun: true }, 'update')).code, 0);
    for (const path of [limits, 'scripts/deploy.sh']) assert.equal((await run(directory, {}, `diff ${path}`)).code, 0);
    assert.deepEqual(treeOf(directory), tree);
    // A changed answer reaches them, and they keep their line ends.
    assert.equal((await run(directory, { bodySize: '20m' })).code, 0);
    assert.match(text(directory, limits), /client_max_body_size +20m;\r\n/);
    assert.ok(!existsSync(join(directory, `${limits}.before-comicpile`)));
  });

  it('is in nobody’s way where the answers that change do not touch it, and where they do both are kept', async () => {
    const directory = await generated();
    edit(directory, 'Dockerfile', (content) => `${content}# mine\n`);
    edit(directory, limits, (content) => `${content}# mine too\n`);
    rmSync(join(directory, 'ops.mk'));
    const edited = text(directory, 'Dockerfile');
    const { code, stdout, stderr } = await run(directory, { bodySize: '20m' });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /merge +nginx\/snippets\/clients\.conf\n/);
    assert.equal(text(directory, 'Dockerfile'), edited);
    assert.match(text(directory, limits), /client_max_body_size +20m;[\s\S]*# mine too\n$/);
    assert.ok(existsSync(join(directory, 'ops.mk')), 'what was deleted comes back');
    // As the next command sees it: two edited files, nothing else.
    const checked = await run(directory, {}, 'check');
    assert.match(checked.stdout, /^edited +Dockerfile: .*\nedited +nginx\/snippets\/clients\.conf: .*\n$/);
    assert.match((await run(directory)).stdout, /^Nothing to change\n/);
  });

  it('has a conflict as an update shows it: markers, exit code 1, git knows, and the next run waits', async () => {
    const directory = await generated();
    edit(directory, limits, (content) => content.replace(/(client_max_body_size +)10m;/, '$111m;'));
    commitAll(directory);
    const { code, stdout } = await run(directory, { bodySize: '20m' });
    assert.equal(code, 1);
    assert.match(stdout, /mark +nginx\/snippets\/clients\.conf\n[\s\S]*Conflicts: decide each[^\n]*\n {2}nginx/);
    assert.match(text(directory, limits), /<<<<<<< yours\n.* 11m;\n=======\n.* 20m;\n>>>>>>> comicpile /);
    assert.match(git(directory, 'status', '--porcelain').stdout.toString(), /^UU nginx\/snippets\/clients\.conf$/m);
    const tree = treeOf(directory);
    for (const flags of [{}, { bodySize: '30m' }]) {
      const again = await run(directory, flags);
      assert.equal(again.code, 2);
      assert.match(again.stderr, /conflicts of an earlier merge[\s\S]*- nginx\/snippets\/clients\.conf\n/);
    }
    assert.deepEqual(treeOf(directory), tree);
  });

  it('is overwritten by --force alone, and never without a copy; the run says where', async () => {
    const directory = await generated();
    const bytes = Buffer.from([0xff, 0xfe, 0x0a]);
    edit(directory, 'Dockerfile', () => '# mine\n');
    edit(directory, limits, (content) => `${content}# mine too\n`);
    writeFileSync(join(directory, 'ops.mk'), bytes);
    chmodSync(join(directory, 'Dockerfile'), 0o600);
    const ours = [limits, 'ops.mk'].map((path) => text(directory, `.comicpile/base/${path}`));
    const { code, stdout } = await run(directory, { force: true });
    assert.equal(code, 0);
    for (const path of ['Dockerfile', limits, 'ops.mk']) {
      assert.match(stdout, new RegExp(`backup +${path}\\.before-comicpile\\n +overwrite +${path}\\n`));
    }
    assert.deepEqual(
      [limits, 'ops.mk'].map((path) => text(directory, path)),
      ours,
    );
    assert.equal(text(directory, 'Dockerfile.before-comicpile'), '# mine\n');
    assert.equal(statSync(join(directory, 'Dockerfile.before-comicpile')).mode & 0o777, 0o600);
    assert.ok(bytesAt(directory, 'ops.mk.before-comicpile')?.equals(bytes));
    assert.match(text(directory, `${limits}.before-comicpile`), /# mine too\n$/);
    assert.match((await run(directory, { force: true })).stdout, /^Nothing to change\n/);
    edit(directory, 'Dockerfile', () => '# again\n');
    assert.equal((await run(directory, { force: true })).code, 0);
    assert.equal(text(directory, 'Dockerfile.before-comicpile'), '# mine\n');
    assert.equal(text(directory, 'Dockerfile.before-comicpile.2'), '# again\n');
  });

  it('that is no text is left as it is, and told, and the rest is written', async () => {
    const directory = await generated();
    const bytes = Buffer.from([0xff, 0xfe, 0x0a]);
    writeFileSync(join(directory, limits), bytes);
    const { code, stdout } = await run(directory, { bodySize: '20m', hsts: 'full' });
    assert.equal(code, 1);
    assert.match(stdout, /These are no text, so nothing was merged into them\n {2}nginx\/snippets\/clients\.conf/);
    assert.ok(bytesAt(directory, limits)?.equals(bytes));
    assert.match(text(directory, 'nginx/snippets/header-values.conf'), /includeSubDomains/);
  });

  it('leaves with what is no longer ours unless it was edited', async () => {
    const directory = scratch();
    await run(directory, { yes: true, monitoring: 'on' });
    edit(directory, 'monitoring/prometheus/prometheus.yml', (content) => `${content}# mine\n`);
    const { code, stdout } = await run(directory, { monitoring: 'off' });
    assert.equal(code, 0);
    assert.match(stdout, /remove +docker-compose\.monitoring\.yml\n/);
    assert.match(stdout, /These are yours now[^\n]*\n {2}monitoring\/prometheus\/prometheus\.yml/);
    assert.equal(existsSync(join(directory, 'docker-compose.monitoring.yml')), false);
    assert.match(text(directory, 'monitoring/prometheus/prometheus.yml'), /# mine\n$/);
    assert.equal((await run(directory, {}, 'check')).code, 0);
  });

  it('is not touched by an older version than the one that wrote it', async () => {
    const directory = await generated();
    edit(directory, '.comicpile/lock.json', (content) => content.replace(/"generator": ".*"/, '"generator": "99.0.0"'));
    const { code, stderr } = await run(directory, { bodySize: '20m' });
    assert.equal(code, 2);
    assert.match(stderr, /it was written by version 99\.0\.0/);
  });
});

describe('what a run will write', () => {
  const asked = (answer: boolean) => {
    const questions: string[] = [];
    const door = silentDoor();
    const prompt: Door['prompt'] = ([one]) => {
      questions.push(`${one?.message} ${door.said.length}`);
      return Promise.resolve({ [one?.name ?? '']: answer });
    };
    return { door: { ...door, interactive: true, prompt }, said: door.said, questions };
  };
  const flags = { domain: 'a.example', appName: 'mine', dbUser: 'me', packs: '' };
  // All that is asked of answers is given; what is left is the word for writing.
  const run = (directory: string, door: Door, more: Partial<Request> = {}) =>
    generateIn(directory, door, flags, { yes: false, ...more });

  it('is said by folder, files and lines, before it is written, with a yes; a second run asks nothing', async () => {
    const directory = scratch();
    const first = asked(false);
    await assert.rejects(run(directory, first.door), /^Error: Nothing was written\.$|Nothing was written\./);
    assert.deepEqual(readdirSync(directory), []);
    const last = first.questions.at(-1) ?? '';
    assert.ok(last.startsWith(`Write this to ${directory}? `), last);
    assert.match(
      first.said.slice(0, Number(last.split(' ').at(-1))).join('\n'),
      /^ {2}nginx\/ +create \d+ files, \+\d+ lines\n[\s\S]*^ {2}in all +create \d+ files, \+\d+ lines$/m,
    );
    const second = asked(true);
    assert.equal(await run(directory, second.door), 0);
    assert.ok(second.questions.at(-1)?.startsWith('Write this to '));
    const third = asked(false);
    assert.equal(await run(directory, third.door), 0);
    assert.deepEqual(third.questions, []);
    assert.match(third.said.join('\n'), /^Nothing to change/);
  });

  it('is answered by --yes, and shown by --dry-run and --diff without a question', async () => {
    for (const more of [{ dryRun: true }, { diff: true }]) {
      const { door, said, questions } = asked(false);
      assert.equal(await run(scratch(), door, { yes: true, ...more }), 1);
      assert.deepEqual(questions, []);
      assert.match(said.join('\n'), /^ {2}nginx\/ +create \d+ files, \+\d+ lines\n[\s\S]*^ {2}in all +create /m);
    }
    const { door, questions } = asked(false);
    assert.equal(await run(scratch(), door, { yes: true }), 0);
    assert.deepEqual(questions, []);
  });
});
