import assert from 'node:assert/strict';
import type { Deployment } from '../deployment.ts';
import { outage, underLoad } from '../load.ts';
import { production } from '../production.ts';
import { ask, calm, type Site } from '../site.ts';

describe('scripts: deploy.sh and rollback.sh', () => {
  let site: Site;
  let stack: Deployment;
  before(async () => {
    ({ site, stack } = await production());
    await stack.mustScript('deploy.sh');
  });
  beforeEach(calm);

  const tag = () => stack.env('APP_TAG');
  const running = async (): Promise<string> => (await stack.compose('images', '--format', 'json', 'app')).stdout;
  const name = async (): Promise<string> => (JSON.parse((await ask(site, '/')).body) as { name: string }).name;
  const rename = (to: string) =>
    stack.edit('app/main.py', (text) => text.replace(/\{"name": "[^"]*"\}/, `{"name": "${to}"}`));

  // What the stand-still may cost: the old container ends its requests, the new one starts its workers.
  const worst = 10_000;

  it('a release under load loses no request but those that meet no app while it is replaced', async () => {
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

  it('a release that cannot answer is taken back by itself, and the exit code says so', async () => {
    const before = tag();
    stack.edit('app/main.py', (text) => text.replace('from app.database', 'import not_there\nfrom app.database'));
    try {
      const { code, stderr } = await stack.script('deploy.sh');
      assert.equal(code, 1);
      assert.match(stderr, /Back on .*, which answers/);
      assert.equal(tag(), before);
      assert.equal(await name(), 'second');
    } finally {
      stack.edit('app/main.py', (text) => text.replace('import not_there\n', ''));
    }
  });

  it('a release whose image cannot be built, or whose nginx configuration is wrong, touches nothing', async () => {
    const [before, { Id }] = [tag(), await stack.inspect('app')];
    for (const [file, find, put] of [
      ['Dockerfile', /^USER 10001:10001$/m, 'RUN false\nUSER 10001:10001'],
      ['nginx/nginx.conf', /^worker_processes auto;$/m, 'worker_processes auto'],
    ] as const) {
      const text = stack.read(file);
      stack.edit(file, (now) => now.replace(/[\s\S]*/, (all) => all.split(find).join(put)));
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
    const { code, stderr } = await stack.script('rollback.sh', 'to', '20200101T000000Z');
    assert.equal(code, 1);
    assert.match(stderr, /is not on this machine/);
    assert.equal(tag(), before);
  });
});
