import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireImages } from './engine.ts';
import { must, run } from './run.ts';

type Recipe = {
  readonly name: string;
  /** The folder of the Dockerfile; no folders in it. */
  readonly context: string;
  readonly base: string;
  readonly args?: Readonly<Record<string, string>>;
};

/** The tag says what is in it, so a change of the recipe is a new image, and an old one is never taken for it. */
const tagOf = ({ context, args = {} }: Recipe): string => {
  const hash = createHash('sha256').update(JSON.stringify(args));
  for (const file of readdirSync(context).sort()) hash.update(`${file}\0`).update(readFileSync(join(context, file)));
  return hash.digest('hex').slice(0, 16);
};

/** An image of tools; built where it is not there yet, and left there for the next run. */
export const builtImage = async (recipe: Recipe): Promise<string> => {
  const name = `${recipe.name}:${tagOf(recipe)}`;
  if ((await run('docker', ['image', 'inspect', name])).code === 0) return name;
  await requireImages([recipe.base]);
  const started = Date.now();
  const args = Object.entries(recipe.args ?? {}).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
  await must('docker', ['build', '--tag', name, ...args, recipe.context], { seconds: 1500 });
  console.log(`    built ${name} in ${Math.round((Date.now() - started) / 1000)} seconds`);
  return name;
};
