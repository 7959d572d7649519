import assert from 'node:assert/strict';
import { isSecretName, readAt, withoutUser, withoutValues } from '../../../../src/detect/rules/code/withoutSecrets.ts';
import { contextFrom } from '../../contextFrom.ts';

describe('the name of a variable', () => {
  it('says that it holds a secret', () => {
    for (const name of [
      'DB_PASSWORD',
      'SECRET',
      'JWT_SECRET_KEY',
      'api_key',
      'SENTRY_DSN',
      'SALT',
      'AUTH_TOKEN',
      'PWD',
    ])
      assert.ok(isSecretName(name), name);
  });
  it('says that it only tells of one', () => {
    for (const name of [
      'TOKEN_EXPIRE_MINUTES',
      'PASSWORD_MIN_LENGTH',
      'JWT_PUBLIC_KEY',
      'MAX_TOKENS',
      'SECRET_FILE',
      'KEYBOARD',
      'HOST',
      'USE_PASSWORD',
    ])
      assert.ok(!isSecretName(name), name);
  });
});

describe('a line of code', () => {
  for (const [line, name, shown] of [
    ['x = os.getenv("DEBUG", "yes")', 'DEBUG', 'x = os.getenv("DEBUG", "yes")'],
    ['x = os.getenv("API_KEY", "abc")', 'API_KEY', 'x = os.getenv("API_KEY", "…")'],
    ["password: str = f'abc'", 'PASSWORD', "password: str = f'…'"],
    ['url = "postgresql://u:p@h/x"', 'URL', 'url = "postgresql://…"'],
    ['pin: int = 1234  # was 5678', 'SECRET_PIN', 'pin: int = …'],
    ['key = "unclosed', 'SECRET_KEY', 'key = "…"'],
    ['a = "x\\"secret"', 'TOKEN', 'a = "…"'],
  ] as const) {
    it(`${line}, of ${name}`, () => assert.equal(withoutValues(line, name), shown));
  }
  it('of a URL loses who one is', () =>
    assert.equal(withoutUser('redis://:pass@a/0 and http://u@b'), 'redis://a/0 and http://b'));
  it('is quoted without its value, where it stands', () => {
    const { view } = contextFrom({ 'a.py': '\nTOKEN = "abc"\n' });
    assert.deepEqual(readAt(view, 'a.py', 2, 'TOKEN'), { file: 'a.py', line: 2, says: 'TOKEN = "…"' });
    assert.equal(readAt(view, 'a.py', 9, 'TOKEN').says, '');
  });
});

describe('a line that somebody made for a pattern', () => {
  for (const [what, line] of [
    ['backslashes without an end', `password = '${'\\\\a'.repeat(200)}\u2028`],
    ['quotes', `token = ${'"\''.repeat(100_000)}`],
    ['URLs', `secret ${'://'.repeat(100_000)}`],
    ['blanks', `secret${' '.repeat(400_000)}x`],
  ] as const)
    it(`has an end: ${what}`, () => {
      const started = performance.now();
      withoutValues(line, 'PASSWORD');
      withoutUser(line.slice(0, 2000));
      assert.ok(performance.now() - started < 2000);
    });
});
