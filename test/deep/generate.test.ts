import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Door } from '../../src/base/door.ts';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { treatments } from '../../src/changes/conflicts.ts';
import { readLock } from '../../src/changes/lock.ts';
import { hasMarkers } from '../../src/changes/merge3.ts';
import { scratch, silentDoor } from '../fixture.ts';
import { generateIn } from '../generateIn.ts';
import { bytesAt, type Files, isStable, isWhole, needed, put, theirs, treeOf } from '../theirFiles.ts';
import { Project } from '../userProject.ts';

describe('whatever is there and whatever is chosen', () => {
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
