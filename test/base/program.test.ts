import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathFor, programFor } from '../../src/base/program.ts';
import { scratch } from '../fixture.ts';

const put = (folder: string, name: string, mode = 0o755): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n', { mode });
  return path;
};
const withPath = <Value>(path: string, use: () => Value): Value => {
  const { PATH } = process.env;
  try {
    process.env.PATH = path;
    return use();
  } finally {
    process.env.PATH = PATH;
  }
};

describe('a program', () => {
  it('is the first on PATH that can be run', () => {
    const [one, two, project] = [scratch(), scratch(), scratch()];
    put(one, 'x', 0o644);
    mkdirSync(join(one, 'y'));
    const x = put(two, 'x');
    withPath(`${one}:/no/such:${two}`, () => {
      assert.equal(programFor(project, 'x'), x);
      assert.equal(programFor(project, 'y'), undefined);
      assert.equal(pathFor(project), `${one}:${two}`);
    });
  });
  it('is never in the project, nor where the user stands, nor a link into it', () => {
    const [project, outside] = [scratch(), scratch()];
    const inside = put(project, 'bin/x');
    put(project, 'x');
    symlinkSync(inside, join(outside, 'x'));
    symlinkSync(join(project, 'bin'), join(outside, 'bin'));
    const cwd = process.cwd();
    try {
      process.chdir(project);
      for (const path of [
        '',
        '.',
        ':',
        'bin',
        './bin',
        project,
        `${project}/bin`,
        `${project}/`,
        outside,
        `${outside}/bin`,
      ])
        assert.equal(
          withPath(path, () => programFor(project, 'x')),
          undefined,
          path,
        );
    } finally {
      process.chdir(cwd);
    }
  });
  it('is not what npm puts on PATH for a project above', () => {
    const above = scratch();
    put(above, 'node_modules/.bin/x');
    mkdirSync(join(above, 'app'));
    assert.equal(
      withPath(`${above}/node_modules/.bin`, () => programFor(join(above, 'app'), 'x')),
      undefined,
    );
  });
  it('is found for a project that is not there yet', () => {
    const folder = scratch();
    const x = put(folder, 'x');
    assert.equal(
      withPath(folder, () => programFor(join(scratch(), 'new'), 'x')),
      x,
    );
  });
});
