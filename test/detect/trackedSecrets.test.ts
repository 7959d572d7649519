import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { trackedSecrets } from '../../src/detect/trackedSecrets.ts';
import { scratch } from '../fixture.ts';

const privateKey = '-----BEGIN PRIVATE KEY-----\nv4lue\n-----END PRIVATE KEY-----\n';
const certificate = '-----BEGIN CERTIFICATE-----\nv4lue\n-----END CERTIFICATE-----\n';

const repositoryOf = (files: Readonly<Record<string, string>>): string => {
  const directory = scratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  spawnSync('git', ['init', '--quiet'], { cwd: directory });
  spawnSync('git', ['add', '--all', '--force'], { cwd: directory });
  return directory;
};
const found = (files: Readonly<Record<string, string>>) =>
  trackedSecrets(repositoryOf(files)).flatMap(({ evidence }) => evidence.map(({ file }) => file));

const secrets = {
  '.env': 'A=v4lue\n',
  '.env.production': 'A=v4lue\n',
  'api/.env.local': 'A=v4lue\n',
  'secrets/db_password': 'v4lue',
  'certs/server.pem': certificate + privateKey,
  'certs/server.key': privateKey,
  'certs/server.der.key': '\x30\x82v4lue',
  'deploy/id_rsa': 'v4lue',
  id_ed25519: 'v4lue',
  'certs/client.p12': 'v4lue',
  'credentials.json': '{"key": "v4lue"}',
  'gcp/service-account.json': '{"key": "v4lue"}',
  'my-service_account-dev.json': '{"key": "v4lue"}',
  'client_secret_1.json': '{"key": "v4lue"}',
  'config/secrets.yml': 'key: v4lue\n',
  'k8s/secret.yaml': 'key: v4lue\n',
  '.streamlit/secrets.toml': 'key = "v4lue"\n',
  '.pypirc': 'v4lue',
  'infra/terraform.tfstate': '{}',
};

describe('trackedSecrets', () => {
  it('finds each kind by its name', () => assert.deepEqual(found(secrets).sort(), Object.keys(secrets).sort()));
  it('finds nothing in what is public, encrypted, or an example', () =>
    assert.deepEqual(
      found({
        '.env.example': 'A=\n',
        '.env.production.sample': 'A=\n',
        '.env.template': 'A=\n',
        '.env.dist': 'A=\n',
        '.env.local.example': 'A=\n',
        '.env.vault': 'A=v4lue\n',
        '.environment': 'x',
        'ca.pem': certificate,
        'public.key': '-----BEGIN PUBLIC KEY-----\n',
        'talk.key': 'PK\x03\x04v4lue',
        'id_rsa.pub': 'v4lue',
        'secrets.yml': '$ANSIBLE_VAULT;1.1;AES256\n3132\n',
        'config/secrets.yaml': 'key: ENC[AES256]\nsops:\n  version: 3\n',
        'app/secrets.py': 'import secrets\n',
        'secrets/__init__.py': '',
        'docs/credentials.md': '',
      }),
      [],
    ));
  it('says what to do, with paths that a shell takes as they are, and never a value', () => {
    const [notice, ...others] = trackedSecrets(
      repositoryOf({ ...secrets, "it's/.env": 'A=v4lue\n', 'x\u001b[2J/.env': 'A=v4lue\n' }),
    );
    assert.deepEqual(others, []);
    assert.equal(notice?.id, 'tracked-secrets');
    const { says } = notice ?? assert.fail();
    assert.match(says, /change each value/);
    assert.match(says, /^ {2}2\. git rm --cached -- .*\.env\b/m);
    assert.match(says, /^ {5}git filter-repo --invert-paths --path .*--path \.env\b/m);
    assert.ok(says.includes("'it'\\''s/.env'"));
    assert.ok(says.includes("$'x\\x1b[2J/.env'"));
    assert.ok(!JSON.stringify(notice).includes('v4lue'));
    assert.ok(!says.includes('\u001b'));
  });
  it('the commands do what they say', () => {
    const directory = repositoryOf({ "it's/.env": 'A=v4lue\n', 'a\tb/.env': 'A=v4lue\n', 'a.txt': '' });
    const [notice] = trackedSecrets(directory);
    const command = /git rm --cached -- .*/.exec(notice?.says ?? '')?.[0] ?? assert.fail();
    const { status, stderr } = spawnSync('bash', ['-c', command], { cwd: directory, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.deepEqual(trackedSecrets(directory), []);
  });
  it('looks through no link, and at nothing where git follows nothing', () => {
    const elsewhere = scratch();
    writeFileSync(join(elsewhere, 'public'), certificate);
    const directory = repositoryOf({ 'a.txt': '' });
    symlinkSync(join(elsewhere, 'public'), join(directory, 'link.pem'));
    spawnSync('git', ['add', '--all'], { cwd: directory });
    // What it is cannot be seen, so its name counts.
    assert.deepEqual(
      trackedSecrets(directory).flatMap(({ evidence }) => evidence.map(({ file }) => file)),
      ['link.pem'],
    );
    writeFileSync(join(elsewhere, '.env'), 'A=1\n');
    assert.deepEqual(trackedSecrets(elsewhere), []);
    assert.deepEqual(trackedSecrets(repositoryOf({})), []);
  });
});
