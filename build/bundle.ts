import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { packageRoot } from '../src/base/packageRoot.ts';

/**
 * Puts `comicpile` into few files: what a generation always needs into one, what it rarely needs (the parsers of an app that
 * exists, the other commands) into files of their own that `import()` loads. Half of the time of a start went into finding
 * and linking hundreds of small modules. Packages that only a terminal or another program needs stay outside.
 */
const dist = join(packageRoot(), 'dist');
// With all that they import. Not bin/comicpile.js: it awaits at its top level, and what it awaits must not wait for it.
const always = /\/dist\/src\/cli\/run\.js$/;

const bundle = await rolldown({
  input: { comicpile: join(dist, 'bin/comicpile.js') },
  platform: 'node',
  external: ['inquirer', 'execa'],
  // What is imported both ways is meant to be: it is in the file that is always loaded.
  checks: { ineffectiveDynamicImport: false },
});
await bundle.write({
  dir: join(dist, 'bin'),
  format: 'esm',
  minify: { compress: true, mangle: true, codegen: { removeWhitespace: true } },
  codeSplitting: { groups: [{ name: 'core', test: always }] },
});
