import assert from 'node:assert/strict';
import { isSecretName } from '../../../../src/detect/rules/code/withoutSecrets.ts';
import { isSigning, requiredVariables } from '../../../../src/detect/rules/settings/variables.ts';
import { contextFrom } from '../../contextFrom.ts';

const look = (tree: Readonly<Record<string, string>>, ...used: readonly string[]) =>
  requiredVariables(contextFrom(tree), new Set(used));
const names = (findings: readonly { readonly value: { readonly name: string } }[]) =>
  findings.map(({ value }) => value.name);
const settings = (fields: string) =>
  `from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n${fields}`;

describe('requiredVariables', () => {
  it('are those without a default that nothing else gives', () => {
    const tree = {
      'app/config.py': settings('    a_url: str\n    b: str = "x"\n    database_url: str\n    sentry_dsn: str\n'),
    };
    assert.deepEqual(
      look(tree, 'DATABASE_URL').required.map(({ value, confidence }) => [value.name, value.isSecret, confidence]),
      [
        ['A_URL', false, 'certain'],
        ['SENTRY_DSN', true, 'certain'],
      ],
    );
  });
  it('has one entry for a variable that is read twice, and what any read at start wants', () => {
    const tree = {
      'app/a.py': 'import os\nA = os.environ["A"]\n',
      'app/b.py': 'import os\nA = os.environ["A"]\nB = os.getenv("B")\n',
    };
    const [first, ...rest] = look(tree).required;
    assert.deepEqual(
      [first?.value.name, first?.evidence.map(({ file }) => file), rest],
      ['A', ['app/a.py', 'app/b.py'], []],
    );
  });
  it('a read in a function is likely, and nothing where another read does without', () => {
    const late = 'import os\ndef f():\n    return os.environ["A"]\n';
    assert.deepEqual(
      look({ 'app/a.py': late }).required.map(({ confidence }) => confidence),
      ['likely'],
    );
    assert.deepEqual(look({ 'app/a.py': late, 'app/b.py': 'import os\nA = os.getenv("A")\n' }).required, []);
  });
  it('does not ask for what it signs with, which is drawn, nor for what the system sets', () => {
    const code = 'import os\na = os.environ["SECRET_KEY"]\nb = os.environ["HOME"]\nc = os.environ["REGION"]\n';
    const { required, signing } = look({ 'app/a.py': code });
    assert.deepEqual([names(required), signing.map(({ value }) => value)], [['REGION'], ['SECRET_KEY']]);
  });
  it('does not ask for what only a file of variables names', () => {
    assert.deepEqual(names(look({ '.env.example': 'A=1\nFOO_TOKEN=x\n' }).required), []);
  });
});

describe('signing', () => {
  for (const name of [
    'SECRET_KEY',
    'secret_key',
    'APP_SECRET_KEY',
    'SECRET',
    'JWT_SECRET',
    'JWT_SECRET_KEY',
    'SESSION_SECRET',
    'SESSION_MIDDLEWARE_SECRET_KEY',
    'MYAPP_SECRET_KEY',
    'AUTH_SECRET',
    'TOKEN_SECRET_KEY',
    'DISPATCH_JWT_SECRET',
    'REFRESH_TOKEN_SECRET',
  ]) {
    it(`${name} signs`, () => assert.equal(isSigning(name, [name, 'APP_API_KEY', 'JWT_PUBLIC_KEY']), true));
  }
  for (const name of [
    'STRIPE_SECRET_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SECRET_KEY',
    'S3_SECRET_KEY',
    'MINIO_SECRET_KEY',
    'GITHUB_CLIENT_SECRET',
    'OAUTH_CLIENT_SECRET',
    'GOOGLE_OAUTH_SECRET_KEY',
    'RECAPTCHA_SECRET_KEY',
    'TWITTER_ACCESS_TOKEN_SECRET',
    'WEBHOOK_SECRET',
    'JWT_ALGORITHM',
    'SECRET_KEY_FILE',
    'API_KEY',
    'POSTGRES_PASSWORD',
  ]) {
    it(`${name} does not`, () => assert.equal(isSigning(name, [name]), false));
  }
  it('an unknown third party is told by what stands beside it', () => {
    assert.equal(isSigning('ACME_SECRET_KEY', ['ACME_SECRET_KEY', 'ACME_PUBLISHABLE_KEY']), false);
    assert.equal(isSigning('ACME_SECRET_KEY', ['ACME_SECRET_KEY', 'ACME_PORT']), true);
  });
  it('tells of a secret that is written in the code, not of one that is drawn at start', () => {
    const fixed = look({ 'app/config.py': settings('    secret_key: str = "hunter2"\n') });
    assert.deepEqual(
      fixed.signing.map(({ value }) => value),
      ['SECRET_KEY'],
    );
    assert.deepEqual(
      fixed.notices.map(({ id }) => id),
      ['signing-default'],
    );
    assert.doesNotMatch(JSON.stringify(fixed), /hunter2/);
    for (const value of ['secrets.token_urlsafe(32)', 'Field(default_factory=draw)', '""', 'None']) {
      const { signing, notices } = look({ 'app/config.py': settings(`    secret_key: str = ${value}\n`) });
      assert.deepEqual([signing.length, notices], [1, []], value);
    }
    assert.equal(look({ 'app/a.py': 'import os\nk = os.getenv("JWT_SECRET", "hunter2")\n' }).notices.length, 1);
    assert.equal(
      look({ 'app/config.py': settings('    secret_key: SecretStr = SecretStr("hunter2")\n') }).notices.length,
      1,
    );
  });
});

describe('isSecretName', () => {
  for (const name of [
    'DB_PASSWORD',
    'API_KEY',
    'SENTRY_DSN',
    'ACCESS_TOKEN',
    'DATABASE_CREDENTIALS',
    'SECRET',
    'DB_PASS',
  ]) {
    it(`${name} is one`, () => assert.equal(isSecretName(name), true));
  }
  for (const name of [
    'ACCESS_TOKEN_EXPIRE_MINUTES',
    'TOKEN_URL',
    'KEYCLOAK_HOST',
    'JWT_ALGORITHM',
    'MONKEY',
    'MAX_TOKENS',
    'COMPASS_HOST',
  ]) {
    it(`${name} is none`, () => assert.equal(isSecretName(name), false));
  }
});
