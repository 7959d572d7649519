import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, put } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { putAccessKey } from './secretLike.ts';
import { findings, run } from './toolbox.ts';

const options = ['--no-banner', '--no-color', '--verbose', '--redact', '--exit-code', '1'];

const tree: Look = async (directory) => findings(run('gitleaks', ['dir', ...options, await checkout(directory)]));

const history: Look = async (cwd) => findings(run('gitleaks', ['git', ...options, '--log-opts=--all', '.'], { cwd }));

describeTool('gitleaks', () => {
  for (const [where, look] of Object.entries({ tree, history })) {
    describe(where, () => {
      findsNothing(look);
      finds('a key of a cloud', putAccessKey, look, /aws-access-token/);
      finds(
        'the secrets of .env.production, should git ever take them',
        (directory) => put(directory, 'env.txt', readFileSync(join(directory, '.env.production'), 'utf8')),
        look,
        /generic-api-key/,
        'secrets in the environment',
      );
    });
  }
});
