import { join } from 'node:path';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { builtImage } from '../builtImage.ts';
import { unavailable } from '../engine.ts';
import { once } from '../once.ts';

const official = 'postgres:18-alpine';
const context = join(packageRoot(), 'test', 'stack', 'postgres18', 'image');

/** An image of the next major version: the official one, or a stand-in where no registry can be reached. */
export const postgres18 = once(async (): Promise<string> => {
  if ((await unavailable(official)) === undefined) return official;
  return builtImage({ name: 'comicpile-test-postgres18', context, base: 'postgres:17-alpine' });
});
