import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCompiledTemplates } from '../build/compiledTemplates.ts';
import { packageRoot } from '../src/base/packageRoot.ts';

type Release = {
  readonly version: string;
  /** Templates by path, and what this release has made of them. */
  readonly templates?: Readonly<Record<string, (text: string) => string>>;
  readonly changelog?: string;
};

/** A release of this generator, as npm would unpack it, with other templates; the path of its command. */
export const release = (folder: string, { version, templates = {}, changelog = '' }: Release): string => {
  const root = join(folder, version);
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (const path of ['dist/bin', 'templates', 'schemas', 'scaffold'])
    cpSync(join(packageRoot(), path), join(root, path), { recursive: true });
  symlinkSync(join(packageRoot(), 'node_modules'), join(root, 'node_modules'));
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as object;
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, version }));
  writeFileSync(join(root, 'CHANGELOG.md'), changelog);
  for (const [path, edit] of Object.entries(templates)) {
    const file = join(root, 'templates', path);
    const before = readFileSync(file, 'utf8');
    const after = edit(before);
    if (after === before) throw new Error(`${path} has nothing to change`);
    writeFileSync(file, after);
  }
  writeCompiledTemplates(root);
  return join(root, 'dist/bin/comicpile.js');
};
