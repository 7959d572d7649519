import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { siteOf } from '../production.ts';
import { must } from '../run.ts';
import { ask, type Site, sendJson } from '../site.ts';

/** The networks as they were before they had bridges of their own: nginx and the app with a way out. */
const former = 'networks:\n  edge:\n    enable_ipv6: true\n  backend:\n    internal: true\n  acme: {}\n';

describe('network: an update that changes the networks of a running stack', () => {
  let stack: Deployment;
  let site: Site;

  /** Runs with the networks of before, then has the files of today again. */
  const startAsBefore = async (): Promise<void> => {
    const today = stack.read('docker-compose.prod.yml');
    stack.edit('docker-compose.prod.yml', (text) =>
      text.replace(/^# Each bridge[\s\S]*?(?=^volumes:)/m, `${former}\n`).replace('      - front\n', ''),
    );
    await stack.compose('down');
    await stack.up();
    writeFileSync(join(stack.directory, 'docker-compose.prod.yml'), today);
    assert.ok((await networks()).includes(`${stack.project}_edge false `));
  };
  const networks = async (): Promise<string> => {
    const { stdout } = await must('docker', ['network', 'ls', '--quiet', '--filter', `name=^${stack.project}_`]);
    const format = '{{.Name}} {{.Internal}} {{index .Options "com.docker.network.bridge.name"}}';
    return (await must('docker', ['network', 'inspect', '--format', format, ...stdout.split('\n')])).stdout;
  };
  const titles = async (): Promise<readonly string[]> =>
    (JSON.parse((await ask(site, '/api/comics')).body) as { title: string }[]).map(({ title }) => title);
  const isAsToday = async (): Promise<void> => {
    assert.match(await networks(), new RegExp(`${stack.project}_edge true \\w{9}-edge`));
    assert.match(await networks(), new RegExp(`${stack.project}_front false \\w{9}-front`));
  };

  before(async () => {
    const name = freshName();
    stack = await generate(name, folderOf(name));
    const { certificate } = await certify(stack);
    await stack.mustScript('deploy.sh');
    site = siteOf(stack, certificate);
  });

  it('deploy.sh makes them anew, says so, and the site comes up with all of its rows', async () => {
    await startAsBefore();
    assert.equal((await sendJson(site, '/api/comics', { title: 'of before' })).status, 201);
    const { stderr } = await stack.mustScript('deploy.sh', '--allow-restart');
    assert.match(stderr, /the networks are made anew, as an update has changed them: the site is away/);
    await isAsToday();
    assert.ok((await titles()).includes('of before'));
    assert.doesNotMatch((await stack.mustScript('deploy.sh')).stderr, /made anew/);
  });

  it('a deploy that fails after that starts the former release again', async () => {
    await startAsBefore();
    const hook = join(stack.directory, 'ops/hooks/pre-deploy');
    mkdirSync(join(stack.directory, 'ops/hooks'), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\nexit 1\n');
    chmodSync(hook, 0o755);
    const { code, stderr } = await stack.script('deploy.sh', '--allow-restart');
    rmSync(hook);
    assert.equal(code, 1);
    assert.match(stderr, /made anew[\s\S]*ops\/hooks\/pre-deploy stopped the deploy[\s\S]*starting .* again/);
    await isAsToday();
    assert.ok((await titles()).includes('of before'));
  });

  it('what else is on one of them stays, and is named as the reason', async () => {
    await startAsBefore();
    const name = `${stack.project}-guest`;
    const guest = ['run', '--detach', '--rm', '--name', name, '--network', `${stack.project}_edge`];
    await must('docker', [...guest, 'debian:trixie-slim', 'sleep', '300']);
    try {
      const { code, stderr } = await stack.script('deploy.sh', '--allow-restart');
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`not of this project are on them: ${name}\\n`));
      // It was seen before anything was stopped.
      assert.ok((await titles()).includes('of before'));
    } finally {
      await must('docker', ['rm', '--force', name]);
    }
    await stack.mustScript('deploy.sh', '--allow-restart');
    await isAsToday();
    assert.ok((await titles()).includes('of before'));
  });
});
