import { randomBytes } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type ComposeFile, Deployment } from './deployment.ts';
import { once } from './once.ts';
import { freePort } from './ports.ts';
import { publishedCommand } from './published.ts';
import { must, run } from './run.ts';
import { workshop } from './scratch.ts';
import { sleep } from './sleep.ts';

export const domain = 'app.example.test';

/** A name that no other project on this engine has: everything is removed by it at the end. */
export const freshName = (): string => `stack-${randomBytes(4).toString('hex')}`;

export const folderOf = (name: string): string => {
  const directory = join(workshop, name);
  mkdirSync(directory);
  return directory;
};

/**
 * A PATH for the generator that leads to no Docker, so that it asks no registry for digests: these count such questions, and the
 * suite makes projects by the dozen.
 */
const withoutDocker = once(async (): Promise<string> => {
  const folder = join(workshop, 'generators-path');
  mkdirSync(folder);
  for (const program of ['node', 'git', 'uv', 'sh']) {
    const { code, stdout } = await run('sh', ['-c', `command -v ${program}`]);
    if (code === 0) symlinkSync(stdout, join(folder, program));
  }
  return folder;
});

const networks = async (): Promise<number> => (await run('docker', ['network', 'ls', '-q'])).stdout.split('\n').length;

/**
 * An engine has some thirty networks to give, and the suites that run side by side take them: a new stack waits for a while until others
 * have gone.
 */
const roomForNetworks = async (): Promise<void> => {
  for (let tries = 0; tries < 60 && (await networks()) > 22; tries += 1) await sleep(2000);
};

/** The files of a project, made by the published command in `directory`, with ports that are free here. */
export const generate = async (
  name: string,
  directory: string,
  flags: readonly string[] = [],
  file?: ComposeFile,
): Promise<Deployment> => {
  await roomForNetworks();
  const answers = ['--yes', '--domain', domain, '--app-name', name, ...flags];
  await must(await publishedCommand(), answers, { cwd: directory, path: await withoutDocker() });
  const deployment = new Deployment(name, directory, file);
  const [http, https] = [await freePort(), await freePort()];
  deployment.edit('.env.production', (text) =>
    text.replace(/^HTTP_PORT=.*/m, `HTTP_PORT=${http}`).replace(/^HTTPS_PORT=.*/m, `HTTPS_PORT=${https}`),
  );
  return deployment;
};
