import type { Authority } from './authority.ts';
import { certify } from './certified.ts';
import type { Deployment } from './deployment.ts';
import { domain, folderOf, freshName, generate } from './generated.ts';
import { once } from './once.ts';
import { refuses } from './ports.ts';
import { must } from './run.ts';
import type { Site } from './site.ts';
import { writeToken } from './writeToken.ts';

export type Production = {
  readonly stack: Deployment;
  readonly site: Site;
  readonly authority: Authority;
  readonly roles: { readonly user: string; readonly owner: string; readonly database: string };
  /** Ports of the app and the database on which nothing of this machine listened before the start. */
  readonly unusedBefore: readonly number[];
};

export const siteOf = (stack: Deployment, ca?: string): Site => ({
  domain,
  httpPort: Number(stack.env('HTTP_PORT')),
  httpsPort: Number(stack.env('HTTPS_PORT')),
  ca,
  token: () => writeToken(stack),
});

/**
 * An empty directory, the published command, a private CA, one line of compose. Its secrets are variables: these are seen in more
 * places than files are, and the tests look for them in each.
 */
export const startProduction = async (): Promise<Production> => {
  const name = freshName();
  const directory = folderOf(name);
  const stack = await generate(name, directory, ['--db-user', 'keeper', '--secrets', 'env']);

  const git = ['-c', 'user.name=stack', '-c', 'user.email=stack@example.test', '-c', 'commit.gpgsign=false'];
  await must('git', ['init', '--quiet'], { cwd: directory });
  await must('git', ['add', '--all'], { cwd: directory });
  await must('git', [...git, 'commit', '--quiet', '--message', 'generated'], { cwd: directory });

  const authority = await certify(stack);

  const unusedBefore: number[] = [];
  for (const port of [8000, 5432]) if (await refuses(port)) unusedBefore.push(port);
  await stack.up();
  const roles = { user: 'keeper', owner: 'keeper_owner', database: name.replaceAll('-', '_') };
  return { stack, site: siteOf(stack, authority.certificate), authority, roles, unusedBefore };
};

/** The one that all tests share which leave it as it was started. */
export const production = once(startProduction);
