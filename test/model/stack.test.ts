import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import { greenfield, type Project } from '../../src/model/project.ts';
import { buildStack } from '../../src/model/stack.ts';
import { ourPolicy } from '../../src/policy/policy.ts';
import { fixedSecrets, rawAnswers } from '../fixture.ts';

const answers = (given: Parameters<typeof rawAnswers>[0] = {}) => parseAnswers(rawAnswers(given));
const stack = (given: Parameters<typeof rawAnswers>[0] = {}) => buildStack(answers(given), greenfield, fixedSecrets);

describe('the model', () => {
  it('has an owner of the schema beside the role of the app only where migrations make the schema', () => {
    const { database } = stack({ appName: 'my-shop', dbUser: 'web', migrations: 'alembic' });
    assert.deepEqual(
      [database.name, database.user, database.owner, database.hasOwnerRole],
      ['my_shop', 'web', 'web_owner', true],
    );
    const { database: alone, secretNames } = stack({ dbUser: 'web', migrations: 'none', app: 'existing' });
    assert.deepEqual([alone.owner, alone.hasOwnerRole], ['web', false]);
    assert.ok(!secretNames.some(({ env }) => env === 'DB_OWNER_PASSWORD'));
  });
  it('delivers secrets in one of two ways', () => {
    assert.deepEqual(stack({ secrets: 'env' }).delivery, { env: true, files: false });
    assert.deepEqual(stack({ secrets: 'files' }).delivery, { env: false, files: true });
  });
  it('has the values of packs, their policy, and the digests that are known', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const policy = { ...ourPolicy, images: { nginx: 'registry.example/nginx:1' } };
    const digests = { 'registry.example/nginx:1': { digest, resolved: '2026-01-01' } };
    const packs = { acme: { team: 'Payments' } };
    const built = buildStack(answers(), greenfield, fixedSecrets, {}, { policy, packs, digests });
    assert.equal(built.images.nginx, `registry.example/nginx:1@${digest}`);
    assert.deepEqual(built.packs, packs);
    assert.deepEqual(stack().packs, {});
  });
  it('pins the image that builds a frontend as all others', () => {
    const frontend = { folder: 'web', lockFolder: 'web', manager: 'npm', managerVersion: '', isLocked: true };
    const project = {
      ...greenfield,
      frontend: { ...frontend, node: '22', script: 'build', output: 'web/dist', isServedByApp: false },
    } as unknown as Project;
    const digest = `sha256:${'b'.repeat(64)}`;
    const digests = { 'node:22-slim': { digest, resolved: '2026-01-01' } };
    const built = buildStack(answers(), project, fixedSecrets, {}, { policy: ourPolicy, packs: {}, digests });
    assert.ok(built.frontend.exists && built.frontend.image === `node:22-slim@${digest}`);
    assert.ok(built.imageNames.includes('node:22-slim'));
    assert.ok(!stack().frontend.exists);
  });
  it('asks for the secrets of monitoring only with it', () => {
    const has = (monitoring: string) =>
      stack({ monitoring }).secretNames.some(({ env }) => env === 'GRAFANA_ADMIN_PASSWORD');
    assert.deepEqual([has('on'), has('off')], [true, false]);
  });
  it('has the values from before a rotation apart from those that count', () => {
    const built = buildStack(answers(), greenfield, fixedSecrets, { SECRET_KEY_PREVIOUS: 'former' });
    assert.equal(built.graceNames.find(({ env }) => env === 'SECRET_KEY')?.value, 'former');
    assert.equal(built.secrets.SECRET_KEY, fixedSecrets.SECRET_KEY);
  });
});
