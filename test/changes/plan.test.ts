import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Refusal } from '../../src/base/refusal.ts';
import { alters } from '../../src/changes/change.ts';
import { inspectAll, isPrivate, planOne } from '../../src/changes/plan.ts';
import type { Artifact } from '../../src/emit/catalogue.ts';
import type { RenderedFile } from '../../src/emit/renderedFile.ts';
import { scratch } from '../fixture.ts';

const file = (to: string, text: string, kind?: Artifact['kind']): RenderedFile => ({
  artifact: { owner: 'env', to, ...(kind && { kind }) },
  text,
});
const planIn = (directory: string, rendered: RenderedFile) => {
  const { to } = rendered.artifact;
  return planOne(rendered, inspectAll(directory, [to]).get(to));
};

describe('isPrivate', () => {
  for (const [to, mode, gid, expected] of [
    ['.env.production', 0o600, 0, true],
    ['.env.production', 0o640, 10001, false],
    ['secrets/db_password', 0o600, 1000, true],
    ['secrets/db_password', 0o640, 10001, true], // as scripts/deploy.sh leaves it for the containers
    ['secrets/db_password', 0o640, 1000, false],
    ['secrets/db_password', 0o644, 10001, false],
  ] as const) {
    it(`is ${expected} for ${to}, ${mode.toString(8)}, group ${gid}`, () =>
      assert.equal(isPrivate(to, mode, gid), expected));
  }
});

describe('planOne', () => {
  it('creates what is absent, with its mode', () => {
    const change = planIn(scratch(), file('a/b.sh', 'x\n', 'script'));
    assert.deepEqual([change.action, change.mode, change.after], ['create', 0o755, 'x\n']);
  });
  it('leaves identical text alone', () => {
    const directory = scratch();
    writeFileSync(join(directory, 'a'), 'x\n');
    assert.equal(alters(planIn(directory, file('a', 'x\n'))), false);
  });
  it('calls a file that differs a conflict, but not for its line ends', () => {
    const directory = scratch();
    writeFileSync(join(directory, 'a'), 'mine\n');
    const { action, before, after, isForeign } = planIn(directory, file('a', 'x\n'));
    assert.deepEqual([action, before, after, isForeign], ['conflict', 'mine\n', 'x\n', true]);
    writeFileSync(join(directory, 'a'), 'x\r\n');
    assert.equal(planIn(directory, file('a', 'x\n')).action, 'identical');
  });
  it('keeps a file that was written once', () => {
    const directory = scratch();
    writeFileSync(join(directory, 'a'), 'mine\n');
    const { action, after } = planIn(directory, file('a', 'x\n', 'once'));
    assert.deepEqual([action, after], ['keep', 'mine\n']);
  });
  it('appends to ignore files', () => {
    const directory = scratch();
    writeFileSync(join(directory, '.gitignore'), 'mine\n');
    const { action, after } = planIn(directory, file('.gitignore', 'ours\n', 'lines'));
    assert.deepEqual([action, after], ['extend', 'mine\n\n# generator-comicpile\nours\n']);
  });
  it('appends missing keys to the environment file and keeps the others', () => {
    const directory = scratch();
    writeFileSync(join(directory, '.env.production'), 'A=mine\n', { mode: 0o600 });
    const { action, after } = planIn(directory, file('.env.production', 'A=new\nB=new\n', 'secret'));
    assert.deepEqual([action, after], ['extend', 'A=mine\n\nB=new\n']);
  });
  it('keeps a secret file, and narrows its mode', () => {
    const directory = scratch();
    mkdirSync(join(directory, 'secrets'));
    writeFileSync(join(directory, 'secrets/x'), 'old');
    chmodSync(join(directory, 'secrets/x'), 0o644);
    const { action, after, mode } = planIn(directory, file('secrets/x', 'new', 'secret'));
    assert.deepEqual([action, after, mode], ['mode', 'old', 0o600]);
  });
  it('repairs a script that does not run, and accepts a stricter umask', () => {
    const directory = scratch();
    writeFileSync(join(directory, 'a.sh'), 'x\n');
    chmodSync(join(directory, 'a.sh'), 0o644);
    assert.equal(planIn(directory, file('a.sh', 'x\n', 'script')).action, 'mode');
    chmodSync(join(directory, 'a.sh'), 0o700);
    assert.equal(planIn(directory, file('a.sh', 'x\n', 'script')).action, 'identical');
  });
});

describe('inspectAll', () => {
  it('follows no link and replaces no folder, and lists them all', () => {
    const directory = scratch();
    const elsewhere = scratch();
    symlinkSync(elsewhere, join(directory, 'nginx'));
    mkdirSync(join(directory, 'Dockerfile'));
    assert.throws(
      () => inspectAll(directory, ['nginx/nginx.conf', 'nginx/x', 'Dockerfile']),
      (error: Refusal) =>
        error.problems.join('|') ===
          'nginx is a link, and no plain folder|Dockerfile is a folder, and no plain file|look at each, and move it away' &&
        error.code === 2,
    );
    assert.ok(statSync(elsewhere).isDirectory());
  });
});
