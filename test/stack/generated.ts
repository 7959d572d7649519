import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ComposeFile, Deployment } from './deployment.ts';
import { freePort } from './ports.ts';
import { publishedCommand } from './published.ts';
import { must } from './run.ts';
import { workshop } from './scratch.ts';

export const domain = 'app.example.test';

/** A name that no other project on this engine has: everything is removed by it at the end. */
export const freshName = (): string => `stack-${randomBytes(4).toString('hex')}`;

export const folderOf = (name: string): string => {
  const directory = join(workshop, name);
  mkdirSync(directory);
  return directory;
};

/** The files of a project, made by the published command in `directory`, with ports that are free here. */
export const generate = async (
  name: string,
  directory: string,
  flags: readonly string[] = [],
  file?: ComposeFile,
): Promise<Deployment> => {
  await must(await publishedCommand(), ['--yes', '--domain', domain, '--app-name', name, ...flags], { cwd: directory });
  const deployment = new Deployment(name, directory, file);
  const [http, https] = [await freePort(), await freePort()];
  deployment.edit('.env.production', (text) =>
    text.replace(/^HTTP_PORT=.*/m, `HTTP_PORT=${http}`).replace(/^HTTPS_PORT=.*/m, `HTTPS_PORT=${https}`),
  );
  return deployment;
};
