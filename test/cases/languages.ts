import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Suite } from 'mocha';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { renderAll, scratch, stackOf } from '../fixture.ts';

/** One table of cases, which every reader of that format has to agree with: the rows of the file of that name beside this one. */
export const casesOf = <Row>(name: string): readonly Row[] =>
  JSON.parse(readFileSync(join(packageRoot(), 'test/cases', `${name}.json`), 'utf8')) as readonly Row[];

/** The text of an emitted file. */
const emitted = (to: string): string =>
  renderAll(stackOf()).find(({ artifact }) => artifact.to === to)?.text ?? assert.fail(`${to} is not emitted`);

/** A new folder with these emitted files in it. */
export const folderOf = (...emittedFiles: readonly string[]): string => {
  const directory = scratch();
  for (const to of emittedFiles) {
    mkdirSync(dirname(join(directory, to)), { recursive: true });
    writeFileSync(join(directory, to), emitted(to));
  }
  return directory;
};

/** What a program prints that is given as text: one process for a whole table. */
export const runScript = (program: 'bash' | 'python3', script: string, cwd: string, input = ''): string => {
  const flags = program === 'python3' ? ['-B', '-E', '-c', script] : ['-c', script];
  const { status, stdout, stderr, error } = spawnSync(program, flags, {
    cwd,
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.deepEqual({ error, status, stderr }, { error: undefined, status: 0, stderr: '' });
  return stdout;
};

/** Beside Node and git a machine needs nothing for the fast tests: without that program they are skipped by name, but in CI. */
export const describeIn = (program: 'bash' | 'python3', title: string, body: (this: Suite) => void): void => {
  const isThere = spawnSync(program, ['--version']).status === 0;
  if (isThere || process.env.CI) describe(title, body);
  else describe.skip(`${title}: ${program} is missing`, body);
};
