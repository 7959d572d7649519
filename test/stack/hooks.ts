import { rmSync } from 'node:fs';
import { started } from './deployment.ts';
import { requireEngine } from './engine.ts';
import { workshop } from './scratch.ts';

const removeAll = (): void => {
  for (const deployment of started) deployment.remove();
  rmSync(workshop, { recursive: true, force: true });
};

// After an interrupt or an error of the runner itself there are no hooks any more.
process.once('exit', removeAll);

/** Before all: an engine, or one clear failure. After a failed test: what the stacks say. At the end: nothing stays. */
export const mochaHooks: Mocha.RootHookObject = {
  beforeAll: requireEngine,

  async afterEach(this: Mocha.Context) {
    if (this.currentTest?.state !== 'failed') return;
    for (const deployment of started) console.error(await deployment.describe());
  },

  afterAll: removeAll,
};
