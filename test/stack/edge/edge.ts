import { images } from '../../../src/policy/images.ts';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { requireImages } from '../engine.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { once } from '../once.ts';
import { siteOf } from '../production.ts';
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

/** Starts nginx of a stack, as its compose file says, and nothing else of it; the app is one that tells what it got. */
export const startBeside = async (stack: Deployment): Promise<App> => {
  // The network first, so that the app is there when nginx looks for it.
  await stack.compose('up', '--no-start', '--no-deps', 'nginx');
  const app = await App.start(stack);
  await stack.compose('up', '-d', '--no-deps', '--wait', 'nginx');
  return app;
};

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
    const trusted = await certify(stack, names);
    const app = await startBeside(stack);
    return { stack, site: siteOf(stack, trusted.certificate), app };
  });
