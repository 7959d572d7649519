import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readLock } from '../src/changes/lock.ts';
import { check } from '../src/cli/commands/check.ts';
import { applies, artifacts } from '../src/emit/catalogue.ts';
import { silentDoor, stackOf } from './fixture.ts';
import { generateIn } from './generateIn.ts';

/** Folders in which files were there before us, and what must be true of each afterwards. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export const put = (directory: string, files: Files): string => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
};
export const bytesAt = (directory: string, path: string): Buffer | undefined =>
  existsSync(join(directory, path)) ? readFileSync(join(directory, path)) : undefined;
export const treeOf = (directory: string): ReadonlyMap<string, string> =>
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
export const git = (directory: string, ...args: string[]) =>
  spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.test', ...args], { cwd: directory });
export const commitAll = (directory: string) => {
  git(directory, 'init', '--quiet');
  git(directory, 'add', '--all', '--force');
  git(directory, 'commit', '--quiet', '-m', 'theirs');
};

export const theirs: Files = {
  Dockerfile: 'FROM scratch\n',
  'docker-compose.yml': 'services:\n  web:\n    environment:\n      API_TOKEN: t0psecret\n',
  'docker-compose.prod.yml': 'services: {}\n',
  '.env.example': 'MINE=\n',
  'SECURITY.md': 'Write to us.\n',
  '.github/dependabot.yml': 'version: 2\n',
  Makefile: 'all:\n\techo mine\n',
};
export const needed: Files = { 'nginx/nginx.conf': 'events {}\n', 'scripts/deploy.sh': '#!/bin/sh\nrsync\n' };

/** What is on disk is the whole deployment, each file at its place. */
export const isWhole = (directory: string): void => {
  const { places } = readLock(directory);
  for (const { to } of artifacts.filter(applies(stackOf()))) {
    const place = places[to] === undefined ? to : places[to];
    if (place !== null) assert.ok(existsSync(join(directory, place)), place);
  }
};
/** Later runs find nothing to do: names that are taken stay so. */
export const isStable = async (directory: string): Promise<void> => {
  const tree = treeOf(directory);
  const door = silentDoor();
  assert.equal(await generateIn(directory, door, {}), 0, door.said.join('\n'));
  assert.match(door.said.join('\n'), /^Nothing to change/);
  const found = silentDoor();
  const request = { directory, json: false, sarif: false, allow: 'secret', trust: false } as const;
  assert.equal(await check(found, request), 0, found.said.join('\n'));
  assert.deepEqual(treeOf(directory), tree);
};
