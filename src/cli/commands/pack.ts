import { join } from 'node:path';
import { packList } from '../../answers/values.ts';
import { entriesOf } from '../../base/disk/walk.ts';
import type { Door } from '../../base/door.ts';
import { entriesBelow, readText } from '../../base/files.ts';
import { packageRoot } from '../../base/packageRoot.ts';
import { Refusal } from '../../base/refusal.ts';
import { version } from '../../base/version.ts';
import type { Change } from '../../changes/change.ts';
import { summarize } from '../../changes/report.ts';
import { write } from '../../changes/write.ts';
import { manifestName } from '../../team/manifest.ts';

const example = '@acme/comicpile-pack';

// A package by one name, nothing else: its folder is called after it.
const problemOf = (name: string): string | undefined => {
  try {
    const [only = '.', ...more] = packList(name);
    if (!only.startsWith('.') && more.length === 0) return undefined;
  } catch {
    // As below.
  }
  return `${JSON.stringify(name).slice(0, 60)} is not the name of one npm package, for example ${example}`;
};

/** `@acme/comicpile-pack` → `acme`, `comicpile-our-team` → `ourTeam`: what templates call it. */
const idOf = (name: string): string => {
  const words = (/^@([^/]+)\//.exec(name)?.[1] ?? name.replace(/(?:^|-)(?:comicpile|pack)(?=-|$)/g, ''))
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const id = words.map((word, index) => (index === 0 ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`)).join('');
  return /^[a-z][a-zA-Z0-9]{1,30}$/.test(id) ? id : 'team';
};

/** The working pack in scaffold/, under another name and id. */
const renamed = (text: string, path: string, name: string): string => {
  const id = idOf(name);
  const named = text.replaceAll(example, name).replaceAll('packs.acme.', `packs.${id}.`);
  if (path === 'package.json') return named.replace(/("generator-comicpile": )"[^"]*"/, `$1"^${version()}"`);
  if (path !== manifestName) return named;
  return named.replace('"id": "acme"', `"id": "${id}"`).replace(/("comicpile": )"[^"]*"/, `$1"${version()}"`);
};

/** A pack that works, to begin with: `comicpile pack @acme/comicpile-pack` writes the folder comicpile-pack. */
export const scaffold = (door: Door, directory: string, name: string): number => {
  const problem = problemOf(name);
  if (problem !== undefined) throw new Refusal('This is no name for a pack (nothing was written):', [problem]);
  const folder = name.split('/').at(-1) ?? '';
  const target = join(directory, folder);
  if ((entriesOf(target) ?? []).length > 0) {
    throw new Refusal(
      'There is no place for the pack (nothing was written):',
      [`${folder}/ is there, and not empty`],
      1,
    );
  }
  const root = join(packageRoot(), 'scaffold');
  const changes = entriesBelow(root).map(({ path }): Change => {
    const after = renamed(readText(root, path), path, name);
    const to = path.replace(/^_(?=gitignore$)/, '.');
    return { to, kind: 'state', action: 'create', mode: 0o644, before: '', after };
  });
  write(target, changes);
  door.say(summarize(changes.map((change) => ({ ...change, to: `${folder}/${change.to}` }))).join('\n'));
  door.say(`Next: cd ${folder}, npm install, npm test. What a pack may hold: docs/customising.md`);
  return 0;
};
