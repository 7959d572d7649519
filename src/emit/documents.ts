import type { Artifact } from './catalogue.ts';

/** What people read and nothing runs: of the files of ours these, and those that only keep a folder in git. */
const documents: ReadonlySet<string> = new Set([
  'SECURITY.md',
  'SECURITY-REVIEWS.md',
  'monitoring/RUNBOOK.md',
  'nginx/well-known/security.txt',
]);

/**
 * Whether what stands in this file runs in the end, on a developer's machine, in a pipeline, on the server or in a visitor's browser. So
 * does every file but those that are known to be documents: a new one needs the user's word until somebody has thought about it.
 */
export const endsInARun = ({ to }: Pick<Artifact, 'to'>): boolean =>
  !documents.has(to) && !/(?:^|\/)\.gitkeep$/.test(to);
