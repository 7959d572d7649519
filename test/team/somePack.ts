import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a pack: its manifest, an id and a version by default, and its templates by path. */
export const writePack = (
  root: string,
  manifest: Readonly<Record<string, unknown>>,
  templates: Readonly<Record<string, string>> = {},
  version = '1.0.0',
): void => {
  const files: Readonly<Record<string, string>> = {
    'comicpile-pack.json': JSON.stringify({ id: 'acme', comicpile: '0.1.0', ...manifest }),
    'package.json': JSON.stringify({ name: 'a-pack', version }),
    ...Object.fromEntries(Object.entries(templates).map(([path, text]) => [`templates/${path}`, text])),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
};
