import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Deployment } from './deployment.ts';
import { domain, freshName } from './generated.ts';
import { refuses } from './ports.ts';
import { publishedCommand } from './published.ts';
import { type Outcome, run } from './run.ts';
import { workshop } from './scratch.ts';
import { skip } from './skip.ts';

describe('two commands: install, then --yes --up on an empty folder', () => {
  const name = freshName();
  const directory = join(workshop, name);
  let stack: Deployment | undefined;
  let outcome: Outcome;

  before(async function () {
    for (const port of [80, 443]) {
      if (!(await refuses(port))) skip(this, `another program of this machine listens on port ${port}`);
    }
    stack = new Deployment(name, directory);
    const flags = ['--yes', '--up', '--output', directory, '--domain', domain, '--app-name', name];
    outcome = await run('node', [await publishedCommand(), ...flags], { cwd: workshop });
  });

  after(() => stack?.remove());

  it('ends with exit code 0', () => {
    assert.equal(outcome.code, 0, outcome.all);
  });

  it('prints curl lines that answer 200 when run as they are', async () => {
    const lines = outcome.all
      .split('\n')
      .map((line) => /\bcurl .*$/.exec(line)?.[0] ?? '')
      .filter(Boolean);
    assert.ok(lines.length >= 1, outcome.all);
    for (const line of lines) {
      const { code, stdout } = await run(
        'bash',
        ['-c', `${line} --silent --output /dev/null --write-out '%{http_code}'`],
        {
          cwd: directory,
        },
      );
      assert.deepEqual([code, stdout], [0, '200'], line);
    }
  });

  it('prints no secret', () => {
    // The fingerprint of the site's key is none.
    const said = outcome.all.replaceAll(/sha256\/\/[A-Za-z0-9+/]{43}=/g, '');
    assert.doesNotMatch(said, /(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])/);
  });
});
