import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { siteOf } from '../production.ts';
import { superuser } from '../psql.ts';
import { must } from '../run.ts';
import { ask, type Site, sendJson } from '../site.ts';

const migration = (number: number, up: string, down: string) => `import sqlalchemy as sa
from alembic import op

revision = "000${number}"
down_revision = "000${number - 1}"


def upgrade():
    ${up}


def downgrade():
    ${down}
`;

// Healthy for itself, but no request from outside succeeds.
const broken = `    @app.middleware("http")
    async def broken(request: Request, call_next: Any) -> Response:
        return Response(status_code=500) if "x-real-ip" in request.headers else await call_next(request)

    return app`;

describe('scripts: rollback.sh', () => {
  let stack: Deployment;
  let site: Site;
  let database: string;
  /** The three releases: each has a title of its own, the second and the third a migration. */
  const releases: string[] = [];

  const git = async (...args: string[]): Promise<string> => {
    const who = ['-c', 'user.name=stack', '-c', 'user.email=stack@example.test', '-c', 'commit.gpgsign=false'];
    return (await must('git', [...who, ...args], { cwd: stack.directory })).stdout;
  };
  const commit = async (words: string) => {
    await git('add', '--all');
    await git('commit', '--quiet', '--message', words);
  };
  const rename = (to: string) =>
    stack.edit('app/static/index.html', (text) => text.replace(/<title>.*<\/title>/, `<title>${to}</title>`));
  const add = (file: string, text: string) => writeFileSync(join(stack.directory, 'migrations/versions', file), text);
  const release = async (): Promise<void> => {
    await stack.mustScript('deploy.sh');
    releases.push(stack.env('APP_TAG'));
  };

  const served = async () => ({
    title: /<title>(.*)<\/title>/.exec((await ask(site, '/')).body)?.[1],
    comics: (JSON.parse((await ask(site, '/api/comics')).body) as { title: string }[]).map(({ title }) => title),
  });
  const schema = () => superuser(stack, 'SELECT version_num FROM alembic_version', database);
  const hasColumn = (name: string) =>
    superuser(stack, `SELECT count(*) FROM information_schema.columns WHERE column_name = '${name}'`, database);
  /** All that a rollback could change. */
  const state = async () => ({
    app: (await stack.compose('ps', '--all', '--quiet', 'app')).stdout,
    images: (await must('docker', ['image', 'ls', stack.project, '--format', '{{.Tag}} {{.ID}}'])).stdout,
    databases: await superuser(stack, 'SELECT datname FROM pg_database ORDER BY 1'),
    schema: await schema(),
    environment: stack.read('.env.production'),
    audit: stack.read('audit.log'),
    backups: readdirSync(join(stack.directory, 'backups')).sort(),
    git: await git('status', '--porcelain', '--branch'),
    ...(await served()),
  });
  const lastAudit = (): string => stack.read('audit.log').trimEnd().split('\n').at(-1) ?? '';

  before(async () => {
    const name = freshName();
    stack = await generate(name, folderOf(name));
    database = name.replaceAll('-', '_');
    await git('init', '--quiet', '--initial-branch=main');
    await commit('first');
    await git('tag', 'v1');
    await release();
    site = siteOf(stack, stack.read('ssl/fullchain.pem'));
    await sendJson(site, '/api/comics', { title: 'of the first' });

    rename('second');
    add(
      '0002_note.py',
      migration(2, 'op.add_column("comics", sa.Column("note", sa.Text()))', 'op.drop_column("comics", "note")'),
    );
    await commit('second');
    await release();
    await sendJson(site, '/api/comics', { title: 'of the second' });
    await superuser(stack, "UPDATE comics SET note = 'kept in the backup only'", database);
  });
  after(() => stack?.remove());

  it('arguments that make no sense are exit code 2, and nothing is looked at', async () => {
    for (const args of [
      [],
      ['to', 'x'],
      ['image'],
      ['git'],
      ['database'],
      ['previous', 'x'],
      ['image', 'a b'],
      ['previous', '--keep-schema', '--downgrade'],
      ['database', 'previous', '--downgrade'],
      ['previous', '--fast'],
    ]) {
      const { code, stderr } = await stack.script('rollback.sh', ...args);
      assert.deepEqual([code, /^ {2}next: /m.test(stderr)], [2, true], `${args.join(' ')}: ${stderr}`);
    }
  });

  it('refuses a release and a commit that are not here', async () => {
    const image = await stack.script('rollback.sh', 'image', '20200101T000000Z');
    assert.deepEqual([image.code, /is not on this machine/.test(image.stderr)], [1, true], image.stderr);
    const revision = await stack.script('rollback.sh', 'git', 'v9');
    assert.deepEqual([revision.code, /there is no commit 'v9' here/.test(revision.stderr)], [1, true], revision.stderr);
  });

  it('refuses when the schema is ahead, and names both', async () => {
    const before = await state();
    assert.deepEqual([before.title, before.schema], ['second', '0002']);
    const { code, stderr } = await stack.script('rollback.sh', 'previous');
    assert.equal(code, 1);
    assert.match(stderr, /the schema is ahead of \S+: the database has 0002, \S+ ends at 0001; nothing was changed/);
    assert.deepEqual(await state(), before);
  });

  it('--dry-run says the steps of each form and changes nothing', async () => {
    const before = await state();
    for (const [args, steps] of [
      [['previous', '--keep-schema'], /would start \S+ with the files of \S+ in place of/],
      [
        ['image', releases[0] ?? '', '--downgrade'],
        /would make a backup\nwould undo 0002 .* back to 0001\nwould start/,
      ],
      [['git', 'v1', '--keep-schema'], /would build \S+ of .*first\n[\s\S]*would start/],
      [['database', 'previous'], /would restore backups\/\S+ [\s\S]*and run \S+ on it/],
    ] as const) {
      const { stderr } = await stack.mustScript('rollback.sh', ...args, '--dry-run');
      assert.match(stderr, steps);
      assert.match(stderr, /nothing was changed/);
    }
    assert.deepEqual(await state(), before);
  });

  it('--keep-schema: the older release serves on the newer schema; hooks are run, audit.log tells', async () => {
    const hooks = join(stack.directory, 'ops/hooks');
    mkdirSync(hooks, { recursive: true });
    const seen = join(folderOf(freshName()), 'seen');
    for (const name of ['pre-rollback', 'post-rollback']) {
      writeFileSync(join(hooks, name), `#!/bin/sh\necho ${name} "$FROM" "$TO" "$FORM" >>'${seen}'\n`);
      chmodSync(join(hooks, name), 0o755);
    }
    const [first, second] = releases;
    await stack.mustScript('rollback.sh', 'previous', '--keep-schema');
    assert.deepEqual(await served(), { title: stack.project, comics: ['of the first', 'of the second'] });
    assert.deepEqual([stack.env('APP_TAG'), await schema()], [first, '0002']);
    assert.equal(
      readFileSync(seen, 'utf8'),
      `pre-rollback ${second} ${first} previous\npost-rollback ${second} ${first} previous\n`,
    );
    assert.match(lastAudit(), new RegExp(` rollback ok by=\\S+ from=${second} to=${first} form=previous$`));

    const before = await state();
    writeFileSync(join(hooks, 'pre-rollback'), '#!/bin/sh\nexit 1\n');
    const { code, stderr } = await stack.script('rollback.sh', 'image', second ?? '');
    assert.deepEqual([code, /pre-rollback failed, so nothing was changed/.test(stderr)], [1, true], stderr);
    assert.match(lastAudit(), / rollback failed /);
    assert.deepEqual({ ...(await state()), audit: before.audit }, before);
    rmSync(join(stack.directory, 'ops'), { recursive: true });
  });

  it('image: forward again to a release that knows the schema, without a word about it', async () => {
    await stack.mustScript('rollback.sh', 'image', releases[1] ?? '');
    assert.equal((await served()).title, 'second');
  });

  it('--downgrade asks first, and without anybody to ask does nothing', async () => {
    const before = await state();
    const { code, stderr } = await stack.script('rollback.sh', 'previous', '--downgrade');
    assert.deepEqual([code, /This undoes 0002/.test(stderr)], [2, true], stderr);
    assert.deepEqual(await state(), before);
  });

  it('--downgrade --yes: a backup, the migration is undone, the older release serves', async () => {
    const { backups } = await state();
    await stack.mustScript('rollback.sh', 'previous', '--downgrade', '--yes');
    assert.deepEqual(await served(), { title: stack.project, comics: ['of the first', 'of the second'] });
    assert.deepEqual([await schema(), await hasColumn('note')], ['0001', '0']);
    const dumps = (names: readonly string[]) => names.filter((name) => name.endsWith('.dump')).length;
    assert.equal(dumps((await state()).backups), dumps(backups) + 1);
  });

  it('image: forward to a release whose schema is newer migrates it', async () => {
    await stack.mustScript('rollback.sh', 'image', releases[1] ?? '');
    assert.deepEqual([(await served()).title, await schema(), await hasColumn('note')], ['second', '0002', '1']);
  });

  it('--downgrade is taken back when the older release does not answer', async () => {
    await git('checkout', '--quiet', '-b', 'broken', 'v1');
    stack.edit('app/main.py', (text) => text.replace('    return app', broken));
    await commit('broken');
    await git('checkout', '--quiet', 'main');
    const { images } = await state();
    const { code, stderr } = await stack.script('rollback.sh', 'git', 'broken', '--downgrade', '--yes');
    assert.equal(code, 1, stderr);
    assert.match(stderr, /what the downgrade deleted: scripts\/restore\.sh backups\//);
    assert.deepEqual([(await served()).title, await schema(), await hasColumn('note')], ['second', '0002', '1']);
    assert.equal((await state()).images, images, 'the image that does not answer is gone');
    assert.match(lastAudit(), / rollback failed .* form=git$/);
  });

  it('--downgrade is refused over a migration whose downgrade() does nothing', async () => {
    rename('third');
    add('0003_forward.py', migration(3, 'op.execute("UPDATE comics SET note = NULL")', 'pass'));
    await commit('third');
    await release();
    await sendJson(site, '/api/comics', { title: 'of the third' });
    const before = await state();
    assert.deepEqual([before.title, before.schema], ['third', '0003']);
    const { code, stderr } = await stack.script('rollback.sh', 'image', releases[0] ?? '', '--downgrade', '--yes');
    assert.equal(code, 1);
    assert.match(stderr, /no downgrade\(\) that does something: 0003; nothing was changed/);
    assert.deepEqual(await state(), before);
  });

  it('git: serves a commit, and leaves the branch and what is not committed alone', async () => {
    rename('not committed');
    writeFileSync(join(stack.directory, 'app/new.py'), 'left = True\n');
    const before = await state();
    await stack.mustScript('rollback.sh', 'git', 'v1', '--keep-schema');
    const after = await state();
    assert.equal(after.title, stack.project);
    assert.deepEqual([after.git, after.comics, after.schema], [before.git, before.comics, '0003']);
    assert.match(stack.read('app/static/index.html'), /<title>not committed</);
    assert.ok(stack.has('app/new.py'));
    const revision = '{{index .Config.Labels "org.opencontainers.image.revision"}}';
    const image = `${stack.project}:${stack.env('APP_TAG')}`;
    const { stdout } = await must('docker', ['image', 'inspect', '--format', revision, image]);
    assert.equal(stdout, await git('rev-parse', 'v1'));
    assert.match(
      (await stack.mustScript('rollback.sh', 'list')).stdout,
      new RegExp(`^\\* ${stack.env('APP_TAG')}$`, 'm'),
    );
    await git('checkout', '--quiet', '--', 'app');
    rmSync(join(stack.directory, 'app/new.py'));
  });

  it('database previous: the rows from before the last deployment, and the release that fits them', async () => {
    await stack.mustScript('rollback.sh', 'database', 'previous', '--yes');
    assert.deepEqual(await served(), { title: 'second', comics: ['of the first', 'of the second'] });
    assert.deepEqual([stack.env('APP_TAG'), await schema()], [releases[1], '0002']);
    assert.match(lastAudit(), new RegExp(` rollback ok .* to=${releases[1]} form=database$`));
  });

  it('database FILE: the same for any dump; one of no release is refused', async () => {
    const dumpOf = (tag = '') => new RegExp(`release=${tag} .*dump=(\\S+)`).exec(stack.read('audit.log'))?.[1] ?? '';
    await stack.mustScript('rollback.sh', 'database', dumpOf(releases[1]), '--yes');
    assert.deepEqual([await served(), await schema()], [{ title: stack.project, comics: ['of the first'] }, '0001']);

    const before = await state();
    const empty = await stack.script('rollback.sh', 'database', dumpOf(releases[0]), '--yes');
    assert.deepEqual([empty.code, /names no revision of a schema/.test(empty.stderr)], [1, true], empty.stderr);
    const none = await stack.script('rollback.sh', 'database', 'backups/none.dump', '--yes');
    assert.deepEqual([none.code, /cannot read/.test(none.stderr)], [1, true], none.stderr);
    assert.deepEqual(await state(), before);
  });
});
