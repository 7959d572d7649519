import assert from 'node:assert/strict';
import { run } from '../run.ts';

export type Found = { readonly id: string; readonly verdict: string; readonly evidence: string };

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
  const { checks } = JSON.parse(stdout) as { checks: readonly Found[] };
  assert.equal(code, checks.some(({ verdict }) => verdict === 'FAIL') ? 1 : 0);
  return new Map(checks.map((each) => [each.id, each]));
};

/** The ids of those that are broken, each with what was seen. */
export const broken = (found: ReadonlyMap<string, Found>): readonly string[] =>
  [...found.values()].filter(({ verdict }) => verdict === 'FAIL').map(({ id, evidence }) => `${id}: ${evidence}`);
