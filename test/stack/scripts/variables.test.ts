import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { folderOf, freshName, generate } from '../generated.ts';

const piece = 's3cr3tPiece';
/** As the findings of lib.sh say. */
const single = (value: string): string => `'${value.replaceAll("'", "\\'")}'`;
const double = (value: string): string => `"${value.replaceAll(/[\\"$]/g, '\\$&')}"`;
const values: Readonly<Record<string, string>> = {
  MAIL_PASSWORD: `pa$5w0rd$${piece}`,
  QUOTES: `it's "quoted", \\n and \\' too`,
  BLANKS: '  both ends  ',
  COMMENT: 'a # b#c',
  LINES: 'first\nSECOND=line\n# third\n',
  UNICODE: 'Grüße, 東京, \u{1F511}',
  LONG: '$x # "\' é'.repeat(7000),
};

describe('scripts: the user’s variables in .env.app', () => {
  let stack: Deployment;
  const write = (text: string) => writeFileSync(join(stack.directory, '.env.app'), text, { mode: 0o600 });

  before(async () => {
    const name = freshName();
    stack = await generate(name, folderOf(name), []);
    write(
      Object.entries(values)
        .map(
          ([key, value]) =>
            `${key}=${value.includes("\\'") ? double(value) : single(value)}\nDOUBLE_${key}=${double(value)}\n`,
        )
        .join(''),
    );
    await certify(stack);
    await stack.up();
  });
  after(() => stack?.remove());

  it('reach the app’s container byte by byte', async () => {
    const program = 'import json, os; print(json.dumps(dict(os.environ)))';
    const { code, stdout, stderr } = await stack.inside('app', ['python', '-c', program]);
    assert.equal(code, 0, stderr);
    const environment = JSON.parse(stdout) as Record<string, string>;
    for (const [name, value] of Object.entries(values))
      for (const key of [name, `DOUBLE_${name}`]) assert.ok(environment[key] === value, `${key} is another one`);
  });

  it('which Compose would change stop every script that starts the app before it does anything, and are not shown', async () => {
    write(`MAIL_PASSWORD=pa$5w0rd$${piece}\n`);
    const state = async () => [
      (await stack.inspect('app')).Id,
      (await stack.inspect('db')).Id,
      stack.read('.env.production'),
    ];
    const before = await state();
    for (const [script, ...args] of [
      ['deploy.sh'],
      ['deploy.sh', '--dry-run'],
      ['rotate-secrets.sh', 'DB_OWNER_PASSWORD'],
      ['rotate-secrets.sh', '--repair'],
      ['rollback.sh', 'previous'],
      ['restore.sh', 'backups/none.dump', '--yes'],
      ['upgrade-postgres.sh', 'postgres:18-alpine', '--yes'],
      ['pitr.sh', 'restore', '--to', '2026-01-01 00:00:00', '--yes'],
    ] as const) {
      const { code, all } = await stack.script(script, ...args);
      assert.equal(code, 1, `${script}: ${all}`);
      assert.match(all, /\.env\.app line 1: MAIL_PASSWORD has a \$/, script);
      assert.ok(!all.includes(piece) && !all.includes('5w0rd'), `${script} shows a piece of the value`);
    }
    assert.deepEqual(await state(), before);
  });

  it('do not stop a backup and its drill, which show nothing of them either', async () => {
    for (const [script, ...args] of [['backup.sh'], ['restore.sh', '--test']] as const) {
      const { code, all } = await stack.script(script, ...args);
      assert.equal(code, 0, all);
      assert.ok(!all.includes(piece), `${script} shows a piece of the value`);
    }
  });

  it('in quotes do not keep a rotation from its work', async () => {
    write(`MAIL_PASSWORD='pa$5w0rd$${piece}'\n`);
    const { all } = await stack.mustScript('rotate-secrets.sh', 'DB_OWNER_PASSWORD');
    assert.ok(!all.includes(piece));
  });
});
