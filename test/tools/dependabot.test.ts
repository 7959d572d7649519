import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { project, type SetName, setNames } from './projects.ts';

type Update = {
  readonly 'package-ecosystem': string;
  readonly directory?: string;
  readonly directories?: readonly string[];
  readonly schedule: { readonly interval: string };
};

// What Dependabot calls the managers of these apps: `pip` is that of Poetry too.
const languages: Partial<Record<SetName, readonly string[]>> = {
  'a pip app without migrations': ['pip'],
  'an app that has everything': ['pip', 'npm'],
};

describe('dependabot.yml', () => {
  // On GitLab alone it is Renovate's work.
  for (const name of setNames.filter((each) => !each.startsWith('pipelines on GitLab'))) {
    it(`asks for updates of what ${name} has`, async () => {
      const directory = await project(name);
      const { version, updates } = load(readFileSync(join(directory, '.github/dependabot.yml'), 'utf8')) as {
        version: number;
        updates: readonly Update[];
      };
      assert.equal(version, 2);
      assert.deepEqual(
        updates.map((update) => update['package-ecosystem']),
        [...(languages[name] ?? ['uv']), 'github-actions', 'pre-commit', 'docker', 'docker-compose'],
      );
      for (const update of updates) {
        assert.equal(update.schedule.interval, 'weekly');
        const folders = update.directories ?? [
          update.directory ?? assert.fail(`${update['package-ecosystem']} has no folder`),
        ];
        assert.deepEqual(
          folders.filter((folder) => !existsSync(join(directory, folder))),
          [],
        );
      }
    });
  }
});
