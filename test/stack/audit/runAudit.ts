import assert from 'node:assert/strict';
import { run } from '../run.ts';

export type Found = { readonly id: string; readonly verdict: string; readonly evidence: string };

/** What `--json` says, by the ids of the checks. */
export const foundIn = (json: string): ReadonlyMap<string, Found> => {
  const { checks } = JSON.parse(json) as { checks: readonly Found[] };
  return new Map(checks.map((each) => [each.id, each]));
};

/** What scripts/audit.sh says of a project, by the ids of its checks; its exit code must fit. */
export const runAudit = async (
  directory: string,
  flags: readonly string[] = [],
  path = process.env.PATH ?? '',
): Promise<ReadonlyMap<string, Found>> => {
  const { code, stdout, stderr } = await run('env', [`PATH=${path}`, './scripts/audit.sh', ...flags, '--json'], {
    cwd: directory,
  });
  assert.ok(code === 0 || code === 1, stderr);
  const found = foundIn(stdout);
  assert.equal(code, broken(found).length > 0 ? 1 : 0);
  return found;
};

/** The ids of those that are broken, each with what was seen. */
export const broken = (found: ReadonlyMap<string, Found>): readonly string[] =>
  [...found.values()].filter(({ verdict }) => verdict === 'FAIL').map(({ id, evidence }) => `${id}: ${evidence}`);
