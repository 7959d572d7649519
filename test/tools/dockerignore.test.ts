import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../fixture.ts';
import { put, setNames, spoilt } from './projects.ts';
import { describeTool } from './promise.ts';
import { must, run } from './toolbox.ts';

// Besides what is emitted: what a machine that deploys collects.
const leftLying = [
  ...['.env', '.env.local', '.env.app', 'app/.env', 'secrets/extra', 'ssl/privkey.pem', 'ssl/fullchain.pem'],
  ...['app/server.pem', 'app/server.key', 'client.p12', 'backups/a.dump', 'app/old.dump', 'old.sql.gz', 'app/data.db'],
  ...['incident/20260101T000000Z.tar.gz', 'incident/20260101T000000Z-report.md', 'ops/hooks/dns', 'ops/hooks/dns.env'],
  ...['node_modules/x/index.js', 'app/node_modules/y.js', '.venv/bin/python', 'app/__pycache__/main.cpython-313.pyc'],
  ...['tests/test_more.py', '.pytest_cache/x', '.idea/workspace.xml', '.vscode/settings.json', 'app.log', 'dist/a.whl'],
];
const forbidden =
  /(^|\/)(\.env(\.(?!example$)|$)|\.git|\.venv|node_modules|__pycache__|\.pytest_cache|\.idea|\.vscode|\.yo-rc\.json)|^(secrets|ssl|backups|incident|hooks|tests|scripts|nginx|db\/init|dist|Dockerfile|docker-compose)|\.(pem|key|p12|dump|sql\.gz|db|log|md)$/;

/** What `docker build` is sent, seen with the eyes of the build. */
const contextOf = async (cwd: string): Promise<readonly string[]> => {
  const copy = scratch();
  await must('docker', ['build', '--quiet', '--file', '-', '--output', `type=local,dest=${copy}`, '.'], {
    cwd,
    input: 'FROM scratch\nCOPY . /\n',
  });
  return readdirSync(copy, { recursive: true, encoding: 'utf8' });
};

const leave = (directory: string) => {
  for (const path of leftLying) put(directory, path, 'x\n');
};

describeTool('docker', () => {
  describe('build context (pending where no Docker engine answers)', () => {
    before('an engine answers', async function () {
      if ((await run('docker', ['info'])).exitCode !== 0) this.skip();
    });

    for (const name of setNames) {
      it(`holds neither secret, key, data nor history of ${name}`, async () => {
        const context = await contextOf(await spoilt(leave, name));
        assert.deepEqual(
          context.filter((path) => forbidden.test(path)),
          [],
        );
        assert.ok(context.some((path) => /^(app|web|shop\.py)/.test(path)));
      });
    }

    it('holds all of that without .dockerignore', async () => {
      const directory = await spoilt(leave);
      rmSync(join(directory, '.dockerignore'));
      const context = await contextOf(directory);
      for (const path of ['.env.production', '.git', ...leftLying]) assert.ok(context.includes(path), path);
    });
  });
});
