import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { rolldown } from 'rolldown';
import { packageRoot } from '../src/base/packageRoot.ts';

/**
 * Compiles the published schemas to `dist/src/team/validators.js`, once for all: to compile them in each run with a pack
 * would cost twice as much as all the rest of the run.
 */
const folder = join(packageRoot(), 'dist/src/team');
const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: true,
  strictRequired: false,
  // For editors: what a pattern may be, src/team/patterns.ts says.
  validateFormats: false,
  code: { source: true, esm: true },
});
for (const name of ['policy', 'pack']) {
  const path = join(packageRoot(), `schemas/${name}.schema.json`);
  ajv.addSchema(JSON.parse(readFileSync(path, 'utf8')) as object, `${name}.schema.json`);
}
// The compiled code names what of ajv it needs, which goes in with it.
const source = 'validators';
const bundle = await rolldown({
  input: source,
  platform: 'node',
  plugins: [
    {
      name: 'compiled schemas',
      resolveId: (id) => (id === source ? join(folder, 'compiled.js') : null),
      load: (id) =>
        id === join(folder, 'compiled.js')
          ? standalone.default(ajv, { pack: 'pack.schema.json', policy: 'policy.schema.json' })
          : null,
    },
  ],
});
await bundle.write({ file: join(folder, 'validators.js'), format: 'esm', minify: { compress: true, mangle: false } });
