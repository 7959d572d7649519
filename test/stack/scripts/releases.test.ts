import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { outage, underLoad } from '../load.ts';
import { production } from '../production.ts';
import { ask, calm, type Site } from '../site.ts';

describe('scripts: deploy.sh and rollback.sh', () => {
  let site: Site;
  let stack: Deployment;
  before(async () => {
    ({ site, stack } = await production());
    await stack.mustScript('deploy.sh', '--allow-restart');
  });
  beforeEach(calm);

  const tag = () => stack.env('APP_TAG');
  const running = async (): Promise<string> => (await stack.compose('images', '--format', 'json', 'app')).stdout;
  // A release is told by the title of its page.
  const name = async () => /<title>(.*)<\/title>/.exec((await ask(site, '/')).body)?.[1];
  const rename = (to: string) =>
    stack.edit('app/static/index.html', (text) => text.replace(/<title>.*<\/title>/, `<title>${to}</title>`));

  // The new app starts beside the old one: 24 of 24 releases lost nothing. The rest is for a machine under other load.
  const worst = 1_500;

  it('a release under load loses no request, or those of a moment in which both apps refuse', async () => {
    const before = tag();
    rename('second');
    const { value, probes } = await underLoad(site, '/api/comics', () => stack.mustScript('deploy.sh'));
    const { kinds, milliseconds, text } = outage(probes);
    console.log(`      measured: ${text}`);
    assert.match(value.stderr, /released/);
    assert.notEqual(tag(), before);
    assert.ok((await running()).includes(tag()));
    assert.equal(await name(), 'second');
    assert.deepEqual(
      kinds.filter((kind) => kind !== 502 && kind !== 504),
      [],
      text,
    );
    assert.ok(milliseconds < worst, text);
    assert.equal(probes.at(-1)?.result, 200, text);
  });

  it('a release that does not answer through nginx is taken back by itself, and the exit code says so', async () => {
    const [before, text] = [tag(), stack.read('app/main.py')];
    // Healthy for itself, but no request from outside succeeds.
    const broken = [
      '    @app.middleware("http")',
      '    async def broken(request: Request, call_next: Any) -> Response:',
      '        return Response(status_code=500) if "x-real-ip" in request.headers else await call_next(request)',
      '',
      '    return app',
    ];
    stack.edit('app/main.py', (now) => now.replace('    return app', broken.join('\n')));
    try {
      const { code, stderr } = await stack.script('deploy.sh');
      assert.equal(code, 1);
      assert.match(stderr, /Back on .*, which answers/);
      assert.equal(tag(), before);
      assert.equal(await name(), 'second');
    } finally {
      stack.edit('app/main.py', () => text);
    }
  });

  it('a migration that fails ends the release before anything is switched; nobody notices', async () => {
    const [before, { Id }] = [tag(), await stack.inspect('app')];
    const migration = join(stack.directory, 'migrations/versions/0002_fails.py');
    writeFileSync(
      migration,
      'revision = "0002"\ndown_revision = "0001"\n\n\ndef upgrade():\n    raise RuntimeError("no")\n',
    );
    try {
      const { value, probes } = await underLoad(site, '/api/comics', () => stack.script('deploy.sh'));
      assert.equal(value.code, 1);
      assert.match(value.stderr, /the migration failed; the former release still runs/);
      assert.deepEqual([tag(), (await stack.inspect('app')).Id], [before, Id]);
      assert.equal(outage(probes).failed, 0, outage(probes).text);
    } finally {
      rmSync(migration);
    }
  });

  it('a release whose image cannot be built, or whose nginx configuration is wrong, touches nothing', async () => {
    const [before, { Id }] = [tag(), await stack.inspect('app')];
    for (const [file, find, put] of [
      ['Dockerfile', /^USER 10001:10001$/m, 'RUN false\nUSER 10001:10001'],
      ['nginx/nginx.conf', /^worker_processes auto;$/m, 'worker_processes auto'],
    ] as const) {
      const text = stack.read(file);
      stack.edit(file, (now) => now.split(find).join(put));
      try {
        assert.equal((await stack.script('deploy.sh')).code, 1, file);
      } finally {
        stack.edit(file, () => text);
      }
      assert.deepEqual([tag(), (await stack.inspect('app')).Id], [before, Id], file);
    }
  });

  it('rollback.sh list shows the releases, the present one marked', async () => {
    const { stdout } = await stack.mustScript('rollback.sh', 'list');
    const lines = stdout.split('\n');
    assert.ok(lines.length >= 2, stdout);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('*')),
      [`* ${tag()}`],
    );
  });

  it('rollback.sh previous brings back the release before, under load as well', async () => {
    const { stdout } = await stack.mustScript('rollback.sh', 'list');
    const previous = stdout
      .split('\n')
      .map((line) => line.slice(2))
      .filter((release) => release < tag())[0];
    const { probes } = await underLoad(site, '/api/comics', () => stack.mustScript('rollback.sh', 'previous'));
    const { kinds, milliseconds, text } = outage(probes);
    console.log(`      measured: ${text}`);
    assert.equal(tag(), previous);
    assert.equal(await name(), stack.project);
    assert.deepEqual(
      kinds.filter((kind) => kind !== 502 && kind !== 504),
      [],
      text,
    );
    assert.ok(milliseconds < worst, text);
  });

  it('rollback.sh refuses a release that is not on this machine', async () => {
    const before = tag();
    const { code, stderr } = await stack.script('rollback.sh', 'image', '20200101T000000Z');
    assert.equal(code, 1);
    assert.match(stderr, /is not on this machine/);
    assert.equal(tag(), before);
  });
});
