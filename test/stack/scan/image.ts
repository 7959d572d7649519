import { join } from 'node:path';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { builtImage } from '../builtImage.ts';
import { once } from '../once.ts';

const context = join(packageRoot(), 'test', 'stack', 'scan', 'image');

/** The image of the tools that judge the running edge. */
export const toolImage = once(() => builtImage({ name: 'comicpile-test-tools', context, base: 'debian:trixie-slim' }));
