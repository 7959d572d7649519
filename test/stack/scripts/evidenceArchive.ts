import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { must } from '../run.ts';
import { workshop } from '../scratch.ts';

/** An unpacked archive of scripts/evidence.sh: each file's bytes as latin1 text, by its path below the archive's folder. */
export const unpack = async (stack: Deployment, archive: string): Promise<ReadonlyMap<string, string>> => {
  const folder = mkdtempSync(join(workshop, 'evidence-'));
  await must('tar', ['-xzf', join(stack.directory, archive), '-C', folder]);
  const [root = ''] = readdirSync(folder);
  const paths = readdirSync(join(folder, root), { recursive: true, encoding: 'utf8' });
  return new Map(
    paths
      .filter((path) => statSync(join(folder, root, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, root, path), 'latin1')] as const),
  );
};

/** What lies in incident/, newest last. */
export const kept = (stack: Deployment, ending: string): readonly string[] =>
  stack.has('incident')
    ? readdirSync(join(stack.directory, 'incident'))
        .filter((name) => name.endsWith(ending))
        .sort()
        .map((name) => `incident/${name}`)
    : [];

export const newest = (stack: Deployment, ending: string): string => {
  const path = kept(stack, ending).at(-1);
  if (path === undefined) throw new Error(`nothing in incident/ ends with ${ending}`);
  return path;
};
