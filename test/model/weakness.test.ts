import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw, heldSecrets, type SecretName, secretNames } from '../../src/model/secrets.ts';
import { mend, weaknessOf, weakSecrets } from '../../src/model/weakness.ts';
import { renderAll, scratch, silentDoor, stackOf } from '../fixture.ts';
import { generateIn } from '../generateIn.ts';

/** The emitted lib.sh in a project of its own; what a line of bash prints after sourcing it. */
const withLib = (secrets: 'env' | 'files' = 'env') => {
  const directory = scratch();
  const lib = renderAll(stackOf({ secrets })).find(({ artifact }) => artifact.to === 'scripts/lib.sh');
  mkdirSync(join(directory, 'scripts'));
  writeFileSync(join(directory, 'scripts/lib.sh'), lib?.text ?? '');
  const bash = (line: string, input = '') => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', `. scripts/lib.sh; ${line}`], {
      cwd: directory,
      input,
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, '']);
    return stdout.split('\n').slice(0, -1);
  };
  return { directory, bash };
};

const drawn = (given: Partial<Record<SecretName, string>> = {}): ReadonlyMap<SecretName, string> =>
  new Map(secretNames.map((name) => [name, given[name] ?? draw(32)]));

describe('weaknessOf', () => {
  it('finds nothing in 10,000 draws', () => {
    assert.ok(Array.from({ length: 10_000 }, () => weaknessOf(draw(32))).every((reason) => reason === undefined));
  });
});

describe('weakSecrets', () => {
  it('finds nothing in draws', () => assert.deepEqual(weakSecrets(drawn(), ''), []));

  it('names the one that repeats another, and the one that the development file has', () => {
    const [shared, known] = [draw(32), draw(32)];
    const held = drawn({ DB_OWNER_PASSWORD: shared, DB_PASSWORD: shared, SECRET_KEY: known });
    assert.deepEqual(weakSecrets(held, `SECRET_KEY: ${known}  # pragma\n`), [
      { name: 'DB_PASSWORD', reason: 'is the same as DB_OWNER_PASSWORD' },
      { name: 'SECRET_KEY', reason: 'stands in docker-compose.yml, which is in git' },
    ]);
  });

  for (const delivery of ['env', 'files'] as const) {
    it(`is what the emitted scripts find, delivered as ${delivery}`, () => {
      const { directory, bash } = withLib(delivery);
      const shared = draw(32);
      const cases: Partial<Record<SecretName, string>>[] = [
        {},
        { DB_PASSWORD: shared, SECRET_KEY: shared },
        { DB_PASSWORD: shared, SECRET_KEY: shared, DB_OWNER_PASSWORD: shared },
        { POSTGRES_PASSWORD: '', DB_PASSWORD: 'short', SECRET_KEY: 'short' },
        { POSTGRES_PASSWORD: `${draw(32)}example`, DB_OWNER_PASSWORD: `${draw(32)}=` },
      ];
      mkdirSync(join(directory, 'secrets'));
      for (const given of cases) {
        const held = drawn(given);
        const development = `x: ${held.get('POSTGRES_PASSWORD')}`;
        writeFileSync(join(directory, 'docker-compose.yml'), development);
        writeFileSync(
          join(directory, '.env.production'),
          delivery === 'env' ? [...held].map(([name, value]) => `${name}=${value}\n`).join('') : '',
        );
        if (delivery === 'files') {
          for (const [name, value] of held)
            writeFileSync(join(directory, `secrets/${name.toLowerCase()}`), `${value}\n`);
        }
        const weak = weakSecrets(held, development);
        assert.deepEqual(
          bash('weak_secrets'),
          weak.map(({ name, reason }) => `${name} ${reason}`),
        );
      }
    });
  }

  it('are reported by a later run with name, reason and remedy, never the value', async () => {
    for (const secrets of ['env', 'files'] as const) {
      const directory = scratch();
      await generateIn(directory, silentDoor(), { secrets });
      const value = `my-secret-${draw(32)}`;
      if (secrets === 'env') {
        const path = join(directory, '.env.production');
        const text = readFileSync(path, 'utf8').replace(/^SECRET_KEY=.*$/m, `SECRET_KEY=${value}`);
        writeFileSync(path, text.replace(/^DB_PASSWORD=.*$/m, 'DB_PASSWORD='));
      } else {
        writeFileSync(join(directory, 'secrets/secret_key'), value);
        writeFileSync(join(directory, 'secrets/db_password'), '');
      }
      const door = silentDoor();
      await generateIn(directory, door, {});
      const said = door.said.join('\n');
      assert.match(said, /DB_PASSWORD in this project is missing\. Mend it: \.\/scripts\/generate-secrets\.sh/);
      assert.match(said, /SECRET_KEY in this project is a placeholder\. .*\.\/scripts\/rotate-secrets\.sh SECRET_KEY;/);
      assert.doesNotMatch(said, /DB_OWNER_PASSWORD in/);
      assert.ok(!said.includes(value));
    }
  });

  it('has a remedy that names the secret', () => {
    assert.match(mend({ name: 'DB_PASSWORD', reason: 'is a placeholder' }), /rotate-secrets\.sh DB_PASSWORD/);
  });
});

describe('heldSecrets', () => {
  it('has of a secret file what the emitted scripts have of it: the line feeds at its end are none of it, a CR is', () => {
    const { directory, bash } = withLib('files');
    const value = draw(32);
    mkdirSync(join(directory, 'secrets'));
    for (const text of [value, `${value}\n`, `${value}\n\n`, `${value}\r\n`, ` ${value} `, '', '\n']) {
      writeFileSync(join(directory, 'secrets/db_password'), text);
      const held = heldSecrets({ env: '', files: { DB_PASSWORD: text } }, ['DB_PASSWORD'], { files: true });
      const shown = JSON.stringify(text.replaceAll(value, '…'));
      assert.ok(held.get('DB_PASSWORD') === bash('secret_get DB_PASSWORD; echo').join('\n'), shown);
    }
  });
});
