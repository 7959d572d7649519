import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { certify } from '../certified.ts';
import type { Seen } from '../client.ts';
import type { Deployment } from '../deployment.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { once } from '../once.ts';
import { siteOf } from '../production.ts';
import { superuser } from '../psql.ts';
import { secretValues } from '../secretValues.ts';
import type { Site } from '../site.ts';

export type Rotated = { readonly stack: Deployment; readonly site: Site; readonly database: string };

/** A stack whose limits let one client be all the load. */
export const startRotated = async (...flags: readonly string[]): Promise<Rotated> => {
  const name = freshName();
  const stack = await generate(name, folderOf(name), [
    '--db-user',
    'turner',
    '--rate-limit',
    '900r/s',
    '--secrets',
    'env',
    ...flags,
  ]);
  const authority = await certify(stack);
  await stack.up();
  return { stack, site: siteOf(stack, authority.certificate), database: name.replaceAll('-', '_') };
};

/** The one of all tests that leave it sound, whatever they deploy and rotate; the first to ask, in the order of the files, has it new. */
export const rotated = once(() => startRotated());

const roles = {
  POSTGRES_PASSWORD: 'postgres',
  DB_OWNER_PASSWORD: 'turner_owner',
  DB_PASSWORD: 'turner',
} as const;

export type Credential = readonly [role: string, password: string];
export const credentialsOf = (secrets: ReadonlyMap<string, string>): Credential[] =>
  Object.entries(roles).map(([name, role]) => [role, secrets.get(name) ?? '']);

/** Over TCP, one login each: how many are let in and how many are refused for their password. Values go by stdin. */
export const tryAll = async (
  { stack, database }: Rotated,
  credentials: readonly Credential[],
): Promise<{ readonly accepted: number; readonly refused: number }> => {
  const loop =
    'while read -r role PGPASSWORD; do export PGPASSWORD; psql -XqAtw -h db -U "$role" -d "$1" -c "SELECT 1" 2>&1 </dev/null; done';
  const lines = credentials.map(([role, password]) => `${role} ${password}\n`).join('');
  const { stdout } = await stack.inside('db', ['sh', '-c', loop, '-', database], lines);
  return {
    accepted: stdout.split('\n').filter((line) => line === '1').length,
    refused: stdout.match(/password authentication failed/g)?.length ?? 0,
  };
};

/** Two of the app, healthy; what is written opens, nothing half-written is left, and the site answers. */
export const assertSound = async (rotated: Rotated): Promise<void> => {
  const { stack } = rotated;
  const { stdout } = await stack.compose('ps', '--all', '--format', '{{.Service}} {{.Health}}');
  const services = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('migrate'));
  assert.deepEqual(services.sort(), ['app healthy', 'app healthy', 'db healthy', 'nginx healthy']);
  assert.deepEqual(await tryAll(rotated, credentialsOf(secretValues(stack))), { accepted: 3, refused: 0 });
  const folders = ['.', ...(stack.has('secrets') ? ['secrets'] : [])];
  const left = folders
    .flatMap((folder) => readdirSync(`${stack.directory}/${folder}`))
    .filter((name) => /new-/.test(name));
  assert.deepEqual(left, []);
};

/** Each row that was acknowledged is there, once, as it was sent. */
export const assertKept = async ({ stack, database }: Rotated, { rows }: Seen): Promise<void> => {
  const found = await superuser(stack, "SELECT id || ' ' || title FROM comics", database);
  const stored = new Map(found.split('\n').map((line) => [Number.parseInt(line, 10), line.replace(/^\d+ /, '')]));
  const lost = [...rows].filter(([id, title]) => stored.get(id) !== title);
  assert.deepEqual(lost, []);
};
