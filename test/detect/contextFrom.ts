import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Context, contextOf } from '../../src/detect/rules/code/context.ts';
import { viewOf } from '../../src/detect/view.ts';
import { scratch } from '../fixture.ts';

/** What rules get of a project with these files. */
export const contextFrom = (tree: Readonly<Record<string, string>>, root = ''): Context => {
  const directory = scratch();
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return contextOf(viewOf(directory), root);
};
