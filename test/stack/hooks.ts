import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { started } from './deployment.ts';
import { requireEngine } from './engine.ts';
import { workshop } from './scratch.ts';

const docker = (...args: string[]) => spawnSync('docker', args, { encoding: 'utf8' });

const listed = (...args: string[]): string[] => [
  ...new Set(
    docker(...args)
      .stdout.split('\n')
      .filter(Boolean),
  ),
];

// By name: it works whatever state the files are in. Containers of `compose run` first, `down` leaves them; images
// too, each run would leave new ones.
const remove = (): void => {
  for (const { project } of started) {
    const containers = listed('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`);
    if (containers.length > 0) docker('rm', '--force', '--volumes', ...containers);
    docker('compose', '--project-name', project, 'down', '--volumes', '--remove-orphans');
    const images = listed('image', 'ls', '--quiet', project.replace(/-dev$/, ''));
    if (images.length > 0) docker('image', 'rm', '--force', ...images);
  }
  started.clear();
  rmSync(workshop, { recursive: true, force: true });
};

// After an interrupt or an error of the runner itself there are no hooks any more.
process.once('exit', remove);

/** Before all: an engine, or one clear failure. After a failed test: what the stacks say. At the end: nothing stays. */
export const mochaHooks: Mocha.RootHookObject = {
  beforeAll: requireEngine,

  async afterEach(this: Mocha.Context) {
    if (this.currentTest?.state !== 'failed') return;
    for (const deployment of started) console.error(await deployment.describe());
  },

  afterAll: remove,
};
