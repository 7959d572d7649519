import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { images } from '../../../src/policy/images.ts';
import { Authority } from '../authority.ts';
import type { Deployment } from '../deployment.ts';
import { requireImages } from '../engine.ts';
import { domain, folderOf, freshName, generate } from '../generated.ts';
import { once } from '../once.ts';
import { siteOf } from '../production.ts';
import { workshop } from '../scratch.ts';
import type { Site } from '../site.ts';
import { App } from './app.ts';

export type Edge = { readonly stack: Deployment; readonly site: Site; readonly app: App };

export type Wanted = {
  readonly flags?: readonly string[];
  /** What else the certificate is for. */
  readonly names?: readonly string[];
  /** Files that the project has before the generator runs. */
  readonly prepare?: (directory: string) => void;
};

/** The private authority that signs for every edge. */
export const authority = once(async (): Promise<Authority> => {
  const folder = join(workshop, 'edge-authority');
  mkdirSync(folder);
  return Authority.create(folder);
});

/**
 * The emitted nginx, started alone and as its compose file says, in front of an app that tells what reached it: seconds
 * instead of the minute that the whole stack takes. Shared by all who ask for the same one.
 */
export const edge = ({ flags = [], names = [], prepare }: Wanted): (() => Promise<Edge>) =>
  once(async () => {
    await requireImages([images('3.13').nginx, images('3.13').python]);
    const name = freshName();
    const directory = folderOf(name);
    prepare?.(directory);
    const stack = await generate(name, directory, flags);
    const trusted = await authority();
    const { chain, key } = await trusted.issue(domain, name, names);
    await stack.mustScript('certs.sh', 'install', chain, key);
    // The network first, so that the app is there when nginx looks for it.
    await stack.compose('up', '--no-start', '--no-deps', 'nginx');
    const app = await App.start(stack);
    await stack.compose('up', '-d', '--no-deps', '--wait', 'nginx');
    return { stack, site: siteOf(stack, trusted.certificate), app };
  });
