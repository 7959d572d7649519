import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Authority } from '../authority.ts';
import type { Deployment } from '../deployment.ts';
import { domain, folderOf, freshName, generate } from '../generated.ts';
import { once } from '../once.ts';
import { workshop } from '../scratch.ts';

export type Extras = { readonly stack: Deployment; readonly authority: Authority };

/** A whole stack of the other answers: open docs, HTTP/3, TLS 1.3 only. */
export const extras = once(async (): Promise<Extras> => {
  const name = freshName();
  const answers = ['--api-docs', 'open', '--http3', 'on', '--tls-profile', 'modern'];
  const stack = await generate(name, folderOf(name), answers);
  const folder = join(workshop, 'extras-authority');
  mkdirSync(folder);
  const authority = await Authority.create(folder);
  const { chain, key } = await authority.issue(domain);
  await stack.mustScript('certs.sh', 'install', chain, key);
  await stack.up();
  return { stack, authority };
});
