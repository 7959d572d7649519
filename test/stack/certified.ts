import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Authority } from './authority.ts';
import type { Deployment } from './deployment.ts';
import { domain } from './generated.ts';
import { once } from './once.ts';
import { workshop } from './scratch.ts';

/** The private authority that signs for every stack of the suite. */
export const authority = once(async (): Promise<Authority> => {
  const folder = join(workshop, 'authority');
  mkdirSync(folder);
  return Authority.create(folder);
});

/** Gives a stack a certificate of the authority, for these names too; the authority. */
export const certify = async (stack: Deployment, others: readonly string[] = []): Promise<Authority> => {
  const trusted = await authority();
  const { chain, key } = await trusted.issue(domain, stack.project, others);
  await stack.mustScript('certs.sh', 'install', chain, key);
  return trusted;
};
