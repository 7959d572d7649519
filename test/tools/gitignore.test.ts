import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { project, put, setNames, spoilt, tracked } from './projects.ts';
import { describeTool } from './promise.ts';
import { run } from './toolbox.ts';

const ignored = [
  ...['.env', '.env.production', '.env.app', '.env.local', '.env.production.local', '.env.development.local'],
  ...['secrets/db_password', 'secrets/secret_key', 'ssl/fullchain.pem', 'ssl/privkey.pem', 'ssl/anything'],
  ...['ops/hooks/dns.env', 'server.pem', 'deep/down/server.key', 'client.p12', 'client.pfx', 'ca.crt'],
  ...['backups/', 'backups/comic_pile-20260101T000000Z.dump', 'old.dump', 'old.sql.gz', 'app.sqlite3'],
  ...['incident/', 'incident/20260101T000000Z.tar.gz', 'incident/20260101T000000Z-report.md'],
  ...['app.log', '.venv/bin/python', 'app/__pycache__/main.cpython-313.pyc', '.comicpile-staging-1/x'],
];
const kept = [
  ...['.env.example', 'ssl/.gitkeep', '.yo-rc.json', '.gitignore', '.dockerignore', 'Dockerfile', 'uv.lock'],
  ...['docker-compose.yml', 'docker-compose.prod.yml', 'nginx/nginx.conf', 'nginx/snippets/tls.conf'],
  ...['db/init/10-roles.sh', 'scripts/rotate-secrets.sh', 'SECURITY.md', '.github/dependabot.yml', 'app/main.py'],
];

describeTool('git', () => {
  for (const name of setNames) {
    it(`ignores secrets, keys and data and nothing else, in ${name}`, async () => {
      const cwd = await project(name);
      const isIgnored = async (path: string) =>
        (await run('git', ['check-ignore', '--quiet', '--no-index', path], { cwd })).exitCode === 0;
      for (const path of ignored) assert.ok(await isIgnored(path), `${path} is not ignored`);
      for (const path of kept) assert.ok(!(await isIgnored(path)), `${path} is ignored`);
    });

    it(`took no secret of ${name}`, async () => {
      const directory = await spoilt((folder) => {
        for (const path of ignored)
          if (!path.endsWith('/') && !existsSync(join(folder, path))) put(folder, path, 'x\n');
      }, name);
      const taken = await tracked(directory, /^/);
      assert.deepEqual(
        taken.filter((path) => ignored.includes(path)),
        [],
      );
      for (const path of ['.env.example', 'ssl/.gitkeep', 'Dockerfile', '.yo-rc.json']) assert.ok(taken.includes(path));
    });
  }
});
