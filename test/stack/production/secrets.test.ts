import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type SecretName, secretTable } from '../../../src/model/secrets.ts';
import { usualSecrets } from '../../usualSecrets.ts';
import type { Deployment } from '../deployment.ts';
import { production } from '../production.ts';
import { must } from '../run.ts';
import { secretsIn, secretValues } from '../secretValues.ts';

describe('production: secrets', () => {
  let stack: Deployment;
  let secrets: ReadonlyMap<string, string>;
  before(async () => {
    ({ stack } = await production());
    secrets = secretValues(stack);
  });

  it('are drawn, 43 characters each, all different, in a file for its owner only', () => {
    assert.deepEqual([...secrets.keys()], usualSecrets);
    for (const [name, value] of secrets) assert.match(value, /^[A-Za-z0-9_-]{43}$/, name);
    assert.equal(new Set(secrets.values()).size, usualSecrets.length);
    assert.equal(statSync(join(stack.directory, '.env.production')).mode & 0o777, 0o600);
  });

  for (const service of ['nginx', 'app', 'migrate', 'db']) {
    it(`${service} has only its own in its environment`, async () => {
      const { Config } = await stack.inspect(service);
      const wanted = usualSecrets.filter((name) => (secretTable[name].services as readonly string[]).includes(service));
      assert.deepEqual(secretsIn(Config.Env.join('\n'), secrets).sort(), [...wanted].sort());
    });
  }

  const silent: readonly (readonly [string, () => Promise<string>])[] = [
    ['docker compose logs', async () => (await stack.compose('logs', '--no-color')).all],
    ['docker compose ps', async () => (await stack.compose('ps', '--all', '--no-trunc', '--format', 'json')).all],
    ['docker compose top', async () => (await stack.compose('top')).all],
    ['.yo-rc.json', async () => stack.read('.yo-rc.json')],
    ["git's tree and history", async () => (await must('git', ['log', '--all', '-p'], { cwd: stack.directory })).all],
    [
      'the history and labels of the image',
      async () => {
        const image = `${stack.project}:${stack.env('APP_TAG')}`;
        const history = await must('docker', ['history', '--no-trunc', image]);
        return history.all + (await must('docker', ['image', 'inspect', image])).all;
      },
    ],
    [
      'the files of the image',
      async () =>
        (await stack.inside('app', ['sh', '-c', 'find /app -type f -exec cat {} +; ls -la /app; env -i ls /run'])).all,
    ],
  ];
  for (const [where, text] of silent) {
    it(`are not in ${where}`, async () => {
      const found = await text();
      assert.notEqual(found, '');
      assert.deepEqual(secretsIn(found, secrets), []);
    });
  }

  it('and their file are left out of git and of the image', async () => {
    const { stdout } = await must('git', ['ls-files'], { cwd: stack.directory });
    const files = stdout.split('\n');
    assert.ok(files.includes('.env.example'));
    assert.deepEqual(
      files.filter((file) => /\.env\.production|^ssl\/.*pem|^secrets\//.test(file)),
      [],
    );
    const { all } = await stack.inside('app', ['sh', '-c', 'find / -xdev -name ".env*" -o -xdev -name "privkey*"']);
    assert.doesNotMatch(all, /\.env|privkey/);
  });

  it('compose refuses to start without one', async () => {
    const name: SecretName = 'DB_PASSWORD';
    const { code, stderr } = await must('bash', [
      '-c',
      `cd '${stack.directory}' && sed '/^${name}=/d' .env.production >.env.without; ` +
        'docker compose -f docker-compose.prod.yml --env-file .env.without config --quiet; code=$?; rm .env.without; ' +
        'echo "ended with $code" >&2',
    ]);
    assert.equal(code, 0);
    assert.match(stderr, /required variable DB_PASSWORD is missing a value/);
    assert.match(stderr, /ended with [1-9]/);
  });
});
