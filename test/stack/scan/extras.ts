import type { Authority } from '../authority.ts';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { once } from '../once.ts';

export type Extras = { readonly stack: Deployment; readonly authority: Authority };

/** A whole stack of the other answers: open docs, HTTP/3, TLS 1.3 only. */
export const extras = once(async (): Promise<Extras> => {
  const name = freshName();
  const answers = ['--api-docs', 'open', '--http3', 'on', '--tls-profile', 'modern'];
  const stack = await generate(name, folderOf(name), answers);
  const authority = await certify(stack);
  await stack.up();
  return { stack, authority };
});
