import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '../../../src/base/envFile.ts';
import type { Deployment } from '../deployment.ts';
import { folderOf, freshName } from '../generated.ts';
import { production } from '../production.ts';
import { run } from '../run.ts';
import { secretsIn, secretValues } from '../secretValues.ts';

describe('scripts: generate-secrets.sh', () => {
  let stack: Deployment;
  before(async () => {
    ({ stack } = await production());
  });

  it('changes no value that is there, and prints none', async () => {
    const before = stack.read('.env.production');
    const { all } = await stack.mustScript('generate-secrets.sh');
    assert.equal(stack.read('.env.production'), before);
    assert.deepEqual(secretsIn(all, secretValues(stack)), []);
  });

  it('makes .env.production from .env.example where there is none, with new secrets, for its owner only', async () => {
    const copy = folderOf(freshName());
    cpSync(stack.directory, copy, { recursive: true, filter: (path) => !/\.git$|backups|ssl$/.test(path) });
    rmSync(join(copy, '.env.production'));
    const { code, all } = await run('./scripts/generate-secrets.sh', [], { cwd: copy });
    assert.equal(code, 0, all);
    const made = join(copy, '.env.production');
    assert.equal(statSync(made).mode & 0o777, 0o600);
    const values = readEnv(readFileSync(made, 'utf8'));
    const mine = secretValues(stack);
    for (const [name, value] of mine) {
      assert.match(values.get(name) ?? '', /^[A-Za-z0-9_-]{43}$/, name);
      assert.notEqual(values.get(name), value, name);
    }
    assert.equal(values.get('DOMAIN'), 'app.example.test');
  });
});
