import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digest } from '../../../src/base/digest.ts';

/** What stands in each of them, and so may stand nowhere else. */
const canary = 'canary-7f3a91';

const texts = {
  '.bashrc': `export TOKEN=${canary}\n`,
  '.docker/config.json': `{"auths": {"registry.example": {"auth": "${canary}"}}, "generator-comicpile": {"domain": "${canary}.example"}}\n`,
  '.aws/credentials': `[default]\naws_secret_access_key = ${canary}\n`,
  '.ssh/id_ed25519': `${canary}\n`,
  'folder/nginx/nginx.conf': `# ${canary}\n`,
  'folder/nginx.conf': `# ${canary}\n`,
  'folder/lock.json': `{"files": {}, "generator": "${canary}"}\n`,
  'folder/policy.json': `{"${canary}": 1}\n`,
};

const stateOf = (root: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .concat('.')
      .sort()
      .map((path) => {
        const stat = lstatSync(join(root, path));
        const content = stat.isFile() ? digest(readFileSync(join(root, path))) : '';
        return [
          path,
          `${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${stat.mtimeMs} ${stat.ino} ${content}`,
        ] as const;
      }),
  );

const filesIn = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => lstatSync(path).size < 10_000_000);

/** Files outside of a project, and whether they are untouched, and nothing of them is in what was said or written. */
export const decoys = (root: string) => {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: 0o600 });
  }
  let before = stateOf(root);
  /** Takes it as it is now. */
  const settle = (): void => {
    before = stateOf(root);
  };
  const hold = (story: string, project?: string, said = ''): void => {
    assert.deepEqual(stateOf(root), before, story);
    assert.ok(!said.includes(canary), `${story} shows a file of others: ${said}`);
    for (const path of project === undefined ? [] : filesIn(project)) {
      assert.ok(!readFileSync(path, 'utf8').includes(canary), `${story}: ${path} has what was in a file of others`);
    }
  };
  return { root, texts: texts as Readonly<Record<string, string>>, settle, hold };
};
