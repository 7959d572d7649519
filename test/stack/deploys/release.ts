import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { askNow, type Site } from '../site.ts';
import { sleep } from '../sleep.ts';

/** The next version of the app, as a developer would edit it: the page has this title. */
export const retitle = (stack: Deployment, title: string): void =>
  stack.edit('app/static/index.html', (text) => text.replace(/<title>.*<\/title>/, `<title>${title}</title>`));

const revision = (n: number): string => String(n).padStart(4, '0');
const migrationFile = (stack: Deployment, n: number): string =>
  join(stack.directory, `migrations/versions/${revision(n)}_step.py`);

/** A migration after the one before it; the body of `upgrade` and of `downgrade` is Python. */
export const addMigration = (
  stack: Deployment,
  n: number,
  upgrade = `op.add_column("comics", sa.Column("note_${n}", sa.String(20)))`,
  downgrade = `op.drop_column("comics", "note_${n}")`,
): void =>
  writeFileSync(
    migrationFile(stack, n),
    [
      'import sqlalchemy as sa',
      'from alembic import op',
      '',
      `revision = "${revision(n)}"`,
      `down_revision = "${revision(n - 1)}"`,
      '',
      '',
      `def upgrade():\n    ${upgrade}`,
      '',
      '',
      `def downgrade():\n    ${downgrade}`,
      '',
    ].join('\n'),
  );

export const dropMigration = (stack: Deployment, n: number): void => rmSync(migrationFile(stack, n));

/** Which versions answer while `work` goes on: the titles of the page, asked for five times a second, and what failed. */
export const versionsDuring = async <Value>(
  site: Site,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly versions: ReadonlySet<string> }> => {
  const versions = new Set<string>();
  let going = true;
  const look = async (): Promise<void> => {
    while (going) {
      const title = await askNow(site, '/').then(
        ({ status, body }) => /<title>(.*)<\/title>/.exec(body)?.[1] ?? `status ${status}`,
        (error: Error) => error.message,
      );
      versions.add(title);
      await sleep(200);
    }
  };
  const looking = look();
  try {
    return { value: await work(), versions };
  } finally {
    going = false;
    await looking;
  }
};
