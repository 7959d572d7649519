import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/paths.ts';
import { requireImages } from '../engine.ts';
import { once } from '../once.ts';
import { must, run } from '../run.ts';

const context = join(packageRoot(), 'test', 'stack', 'scan', 'image');

/** The name says what is in it, so a change of the recipe is a new image, and an old one is never taken for it. */
const nameOf = (): string => {
  const hash = createHash('sha256');
  for (const file of readdirSync(context).sort()) hash.update(`${file}\0`).update(readFileSync(join(context, file)));
  return `comicpile-test-tools:${hash.digest('hex').slice(0, 16)}`;
};

/** The image of the tools; built where it is not there yet, and left there for the next run. */
export const toolImage = once(async (): Promise<string> => {
  const name = nameOf();
  if ((await run('docker', ['image', 'inspect', name])).code === 0) return name;
  await requireImages(['debian:trixie-slim']);
  const started = Date.now();
  await must('docker', ['build', '--tag', name, context], { seconds: 1500 });
  console.log(`    built ${name} in ${Math.round((Date.now() - started) / 1000)} seconds`);
  return name;
});
