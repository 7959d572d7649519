import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { production } from '../production.ts';
import { must } from '../run.ts';
import { secretValues } from '../secretValues.ts';

describe('scripts: security-check.sh', () => {
  let stack: Deployment;
  before(async () => {
    ({ stack } = await production());
    await stack.mustScript('backup.sh');
  });

  const failures = async (): Promise<string[]> => {
    const { code, stdout } = await stack.script('security-check.sh');
    const failed = stdout.split('\n').filter((line) => line.startsWith('FAIL'));
    assert.equal(code, failed.length > 0 ? 1 : 0, stdout);
    return failed;
  };

  it('passes on the running stack, with every line ok or a named skip', async () => {
    const { stdout } = await stack.mustScript('security-check.sh');
    const lines = stdout.split('\n').filter(Boolean);
    assert.ok(lines.length > 40, stdout);
    for (const line of lines) assert.match(line, /^(?:ok {4}|skip {2})\S/);
  });

  const spoilt: readonly (readonly [string, RegExp, string, (text: string) => string])[] = [
    [
      'the port of the database is published',
      /only nginx publishes ports: db/,
      'docker-compose.prod.yml',
      (text) => text.replace(/^( {4}shm_size: 128m)$/m, '$1\n    ports:\n      - "15432:5432"'),
    ],
    [
      'a service keeps its capabilities',
      /every capability is dropped/,
      'docker-compose.prod.yml',
      (text) => text.replace(/ {2}cap_drop:\n {4}- ALL\n/, ''),
    ],
    [
      'a header is gone',
      /header X-Frame-Options/,
      'nginx/snippets/security-headers.conf',
      (text) => text.replace(/^add_header X-Frame-Options .*\n/m, ''),
    ],
    [
      'TLS 1.1 is allowed',
      /TLS 1\.2 and 1\.3 only/,
      'nginx/snippets/tls.conf',
      (text) => text.replace('TLSv1.2', 'TLSv1.1 TLSv1.2'),
    ],
    [
      'git would take the secrets',
      /git ignores \.env\.production/,
      '.gitignore',
      (text) => text.replace(/^\.env.*\n/gm, ''),
    ],
  ];
  for (const [what, line, file, spoil] of spoilt) {
    it(`fails when ${what}`, async () => {
      const before = stack.read(file);
      stack.edit(file, spoil);
      try {
        const failed = await failures();
        assert.ok(
          failed.some((found) => line.test(found)),
          failed.join('\n'),
        );
      } finally {
        writeFileSync(join(stack.directory, file), before);
      }
    });
  }

  it('fails when others may read .env.production, or a secret stands in another file', async () => {
    const leak = join(stack.directory, 'app/leak.py');
    chmodSync(join(stack.directory, '.env.production'), 0o644);
    writeFileSync(leak, `TOKEN = "${secretValues(stack).get('SECRET_KEY')}"\n`);
    try {
      const failed = (await failures()).join('\n');
      assert.match(failed, /\.env\.production is readable/);
      assert.match(failed, /no secret value in any other file/);
    } finally {
      chmodSync(join(stack.directory, '.env.production'), 0o600);
      await must('rm', [leak]);
    }
  });

  it('passes again when all is put back', async () => {
    assert.deepEqual(await failures(), []);
  });
});
