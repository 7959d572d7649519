import assert from 'node:assert/strict';
import { holdsSecret, isSecret, isStaging, masked, secretsOf, type Tree } from './tree.ts';

/** A tree without the folders of killed runs. */
const settled = (tree: Tree): Tree => new Map([...tree].filter(([path]) => !isStaging(path)));

/** After a kill: each file is as it was or as it will be, whole; secrets are private wherever they are. */
export const holdsAfterKill = (before: Tree, after: Tree, expected: Tree): void => {
  for (const path of before.keys()) assert.ok(after.has(path), `${path} is gone`);
  for (const [path, file] of after) {
    if (isStaging(path)) {
      if (holdsSecret(file.text)) assert.equal(file.mode, 0o600, `${path} holds a secret`);
      continue;
    }
    const old = before.get(path);
    const will = expected.get(path) ?? assert.fail(`${path} is no file of ours`);
    if (isSecret(path)) {
      assert.equal(file.mode, 0o600, path);
      const kept = old?.text ?? '';
      assert.ok(file.text.startsWith(kept), `${path} lost lines`);
      if (file.text !== old?.text) assert.equal(masked(file.text), masked(will.text), path);
    } else if (file.text !== old?.text || file.mode !== old.mode) {
      assert.deepEqual(file, will, path);
    }
  }
};

/** After the next run: everything is there, nothing else, and what had been a secret still is the same one. */
export const holdsAfterNextRun = (killed: Tree, after: Tree, expected: Tree): void => {
  assert.deepEqual([...after.keys()].filter(isStaging), [], 'a staging folder remains');
  assert.deepEqual([...after.keys()], [...expected.keys()]);
  for (const [path, { text, mode }] of after) {
    const will = expected.get(path) ?? assert.fail(path);
    assert.equal(isSecret(path) ? masked(text) : text, isSecret(path) ? masked(will.text) : will.text, path);
    assert.equal(mode, will.mode, path);
  }
  const secrets = secretsOf(after);
  for (const [name, value] of secretsOf(settled(killed)))
    assert.equal(secrets.get(name), value, `${name} was drawn anew`);
};

export type Phase = 'before writing' | 'while writing' | 'after writing';

/** Where a kill hit, told from what it left. */
export const phaseOf = (before: Tree, after: Tree, expected: Tree): Phase => {
  if ([...after.keys()].some(isStaging)) return 'while writing';
  const same = (one: Tree, other: Tree) =>
    one.size === other.size &&
    [...one].every(([path, { text }]) => masked(text) === masked(other.get(path)?.text ?? ''));
  if (same(after, expected)) return 'after writing';
  return same(after, before) ? 'before writing' : 'while writing';
};
