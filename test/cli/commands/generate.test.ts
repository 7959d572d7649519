import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { Door } from '../../../src/base/door.ts';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { Refusal } from '../../../src/base/refusal.ts';
import { treatments } from '../../../src/changes/conflicts.ts';
import { readLock } from '../../../src/changes/lock.ts';
import { hasMarkers } from '../../../src/changes/merge3.ts';
import { check } from '../../../src/cli/commands/check.ts';
import type { Request } from '../../../src/cli/commands/generate.ts';
import { applies, artifacts } from '../../../src/emit/catalogue.ts';
import { scratch, silentDoor, stackOf } from '../../fixture.ts';
import { generateIn } from '../../generateIn.ts';
import { Project } from '../../userProject.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

const put = (directory: string, files: Files): string => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
};
const bytesAt = (directory: string, path: string): Buffer | undefined =>
  existsSync(join(directory, path)) ? readFileSync(join(directory, path)) : undefined;
const treeOf = (directory: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
      .filter((path) => !path.startsWith('.git/'))
      .sort()
      .map((path) => [
        path,
        `${statSync(join(directory, path)).mode} ${readFileSync(join(directory, path), 'latin1')}`,
      ]),
  );
const git = (directory: string, ...args: string[]) =>
  spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.test', ...args], { cwd: directory });
const commitAll = (directory: string) => {
  git(directory, 'init', '--quiet');
  git(directory, 'add', '--all', '--force');
  git(directory, 'commit', '--quiet', '-m', 'theirs');
};

const theirs: Files = {
  Dockerfile: 'FROM scratch\n',
  'docker-compose.yml': 'services:\n  web:\n    environment:\n      API_TOKEN: t0psecret\n',
  'docker-compose.prod.yml': 'services: {}\n',
  '.env.example': 'MINE=\n',
  'SECURITY.md': 'Write to us.\n',
  '.github/dependabot.yml': 'version: 2\n',
  Makefile: 'all:\n\techo mine\n',
};
const needed: Files = { 'nginx/nginx.conf': 'events {}\n', 'scripts/deploy.sh': '#!/bin/sh\nrsync\n' };

/** What is on disk is the whole deployment, each file at its place. */
const isWhole = (directory: string): void => {
  const { places } = readLock(directory);
  for (const { to } of artifacts.filter(applies(stackOf()))) {
    const place = places[to] === undefined ? to : places[to];
    if (place !== null) assert.ok(existsSync(join(directory, place)), place);
  }
};
/** Later runs find nothing to do: names that are taken stay so. */
const isStable = async (directory: string): Promise<void> => {
  const tree = treeOf(directory);
  const door = silentDoor();
  assert.equal(await generateIn(directory, door, {}), 0, door.said.join('\n'));
  assert.match(door.said.join('\n'), /^Nothing to change/);
  const found = silentDoor();
  const request = { directory, json: false, sarif: false, allow: 'secret', trust: false } as const;
  assert.equal(await check(found, request), 0, found.said.join('\n'));
  assert.deepEqual(treeOf(directory), tree);
};

describe('files that were there before us', function () {
  this.timeout(180_000);

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
    assert.equal(await generateIn(directory, silentDoor(), { hsts: 'host-only' }), 0);
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

describe('whatever is there and whatever is chosen', function () {
  this.timeout(600_000);
  const appended = ['.gitignore', '.dockerignore', '.gitattributes'];
  const paths = [
    ...Object.keys({ ...theirs, ...needed }),
    ...appended,
    'ops.mk',
    'docker/serve.py',
    'ssl/.gitkeep',
    'nginx/snippets/tls.conf',
    'compose.yaml',
    'Dockerfile.comicpile',
    'Dockerfile.before-comicpile',
    'nginx/nginx.conf.before-comicpile',
    'docs/SECURITY.md',
    'mine/notes.txt',
  ];
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ maxLength: 40 }).map((text) => Buffer.from(text)),
    fc.constantFrom('theirs\n', 'a\r\nb\r\n', '<<<<<<< x\n', '').map((text) => Buffer.from(text)),
  );
  const project = fc
    .array(fc.tuple(fc.constantFrom(...paths), content), { minLength: 1, maxLength: 8 })
    .map((rows) => Object.fromEntries(rows));
  const way = fc.oneof(
    fc.record({ existing: fc.constantFrom(...treatments, undefined), force: fc.boolean() }),
    // On a terminal: which of the choices that go on, one after the other.
    { weight: 2, arbitrary: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }) },
  );
  const chooser = (picks: readonly number[]): Door => {
    let at = 0;
    return {
      ...silentDoor(),
      interactive: true,
      prompt: ([one]) => {
        const options = (one?.type === 'select' ? one.choices : [])
          .map(({ value }) => value)
          .filter((value) => value !== 'abort');
        at += 1;
        return Promise.resolve({ choice: options[(picks[at % picks.length] ?? 0) % options.length] });
      },
    };
  };
  const seen = { refused: 0, kept: 0, copied: 0, marked: 0 };

  it('no byte is lost: it is at its path or in a backup; the deployment is whole, and later runs change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(project, way, async (files, how) => {
        const directory = put(scratch(), files);
        const before = treeOf(directory);
        const door = Array.isArray(how) ? chooser(how) : silentDoor();
        try {
          await generateIn(directory, door, {}, Array.isArray(how) ? {} : how);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          assert.deepEqual(treeOf(directory), before);
          seen.refused += 1;
          rmSync(directory, { recursive: true });
          return;
        }
        const after = readdirSync(directory, { recursive: true, encoding: 'utf8' });
        for (const [path, bytes] of Object.entries(files)) {
          const now = bytesAt(directory, path) ?? assert.fail(path);
          if (now.equals(bytes) || (appended.includes(path) && now.subarray(0, bytes.length).equals(bytes))) {
            seen.kept += 1;
            continue;
          }
          const copies = after.filter((name) => name.startsWith(`${path}.before-comicpile`));
          assert.ok(
            copies.some((name) => bytesAt(directory, name)?.equals(bytes)),
            `${path} is lost; ${copies.join(', ')}`,
          );
          seen.copied += 1;
        }
        isWhole(directory);
        const marked = Object.keys(readLock(directory).files).some((path) =>
          hasMarkers(bytesAt(directory, path)?.toString() ?? ''),
        );
        if (marked) seen.marked += 1;
        // A CRLF file of theirs that was merged into one of ours is an edit like any other.
        else if (!Array.isArray(how)) await isStable(directory);
        rmSync(directory, { recursive: true });
      }),
      { numRuns: 60, seed: 20_261_125 },
    );
    console.log(`      ${JSON.stringify(seen)}`);
    for (const [what, times] of Object.entries(seen)) assert.ok(times >= 3, `only ${times} times ${what}`);
  });

  it('killed (-9) at any rename: theirs are at their paths or in their backups, and the next run finishes', () => {
    const bin = join(packageRoot(), 'dist/bin/comicpile.js');
    const args = ['--yes', '--skip-install', '--existing', 'backup'];
    const all: Files = { ...theirs, ...needed, 'nginx/snippets/tls.conf': Buffer.from([0xff, 0x00, 0xfe]) };
    const start = (): Project => {
      const project = new Project();
      put(project.directory, all);
      return project;
    };
    const done = start();
    done.must(bin, ...args);
    const expected = [...done.tree().keys()];
    let kills = 0;
    for (let at = 1; at < 400; at += at < 16 ? 1 : 11) {
      const project = start();
      const { signal, code } = project.killed(bin, at, ...args);
      if (signal === null) {
        assert.equal(code, 0);
        break;
      }
      kills += 1;
      for (const [path, content] of Object.entries(all)) {
        const bytes = Buffer.from(content);
        const places = [path, `${path}.before-comicpile`];
        assert.ok(
          places.some((place) => bytesAt(project.directory, place)?.equals(bytes)),
          `${at}: ${path} is lost`,
        );
      }
      project.must(bin, ...args);
      assert.deepEqual([...project.tree().keys()], expected, `after a kill at ${at}`);
      for (const path of Object.keys({ ...theirs, ...needed }).filter((one) => one !== 'Makefile'))
        assert.equal(project.read(`${path}.before-comicpile`), all[path], `after a kill at ${at}`);
    }
    assert.ok(kills > 15, `${kills} kills`);
  });
});
