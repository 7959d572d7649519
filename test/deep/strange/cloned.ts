import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { scratch } from '../../fixture.ts';
import { decoys } from './decoys.ts';

const bin = join(packageRoot(), 'dist/bin/comicpile.js');
const environment = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };

/** A project of somebody's, a copy where one is given, beside a folder that is no part of it: a home of ours. */
export const cloned = (from?: string) => {
  const root = scratch();
  const directory = join(root, 'project');
  if (from === undefined) mkdirSync(directory);
  else cpSync(from, directory, { recursive: true });
  const outside = decoys(join(root, 'home'));
  const env = { ...environment, HOME: outside.root, XDG_STATE_HOME: join(root, 'state') };
  const comicpile = (...args: string[]) => {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
      cwd: directory,
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.equal(signal, null, 'it did not end');
    return { code: status, said: stdout + stderr };
  };
  const at = (path: string): string => join(directory, path);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  const link = (path: string, target: string): void => {
    rmSync(at(path), { force: true });
    mkdirSync(dirname(at(path)), { recursive: true });
    symlinkSync(target, at(path));
  };
  const pipe = (path: string): void => {
    rmSync(at(path), { force: true });
    execFileSync('mkfifo', [at(path)]);
  };
  return { directory, outside, comicpile, at, write, link, pipe };
};
export type Cloned = ReturnType<typeof cloned>;

export const generated = (): Cloned => {
  const project = cloned();
  const { code, said } = project.comicpile('--yes', '--skip-install', '--domain', 'app.example.test');
  assert.equal(code, 0, said);
  return project;
};
