import assert from 'node:assert/strict';
import { requireImages } from '../engine.ts';
import { freshName } from '../generated.ts';
import { type Production, startProduction } from '../production.ts';
import { must, run } from '../run.ts';
import { ask } from '../site.ts';
import { retitle } from './release.ts';

/** As a CI does it: built and pushed elsewhere, and deploy.sh pulls. */
describe('deploys: an image from a registry', () => {
  let here: Production;
  const registry = freshName();
  let image: string;
  let text: string;
  before(async () => {
    await requireImages(['registry:2']);
    // Its own: a deploy leaves no container of `migrate`, which tests of the shared one look for.
    here = await startProduction();
    await must('docker', ['run', '--detach', '--name', registry, '--publish', '127.0.0.1::5000', 'registry:2']);
    const { stdout } = await must('docker', ['port', registry, '5000']);
    image = `${stdout.trim().split('\n')[0]}/team/comics:1.4.2`;
    text = here.stack.read('app/static/index.html');
    retitle(here.stack, 'built elsewhere');
    await must('docker', ['build', '--tag', image, '--build-arg', 'REVISION=4b825dc', '.'], {
      cwd: here.stack.directory,
    });
    await must('docker', ['push', '--quiet', image]);
    await must('docker', ['image', 'rm', image]);
    here.stack.edit('app/static/index.html', () => text);
  });
  after(async () => {
    here?.stack.remove();
    await run('docker', ['rm', '--force', '--volumes', registry]);
    await run('docker', ['image', 'rm', image]);
  });

  it('is pulled, not built, and serves; audit.log has its revision', async () => {
    const { stderr } = await here.stack.mustScript('deploy.sh', '--allow-restart', '--image', image);
    assert.match(stderr, /pulling /);
    assert.match((await ask(here.site, '/')).body, /<title>built elsewhere<\/title>/);
    assert.match(here.stack.read('audit.log'), / deploy ok [^\n]* revision=4b825dc image=sha256:/);
  });

  it('one that is not there ends the deploy; the running release is untouched', async () => {
    const before = here.stack.env('APP_TAG');
    const { code, stderr } = await here.stack.script('deploy.sh', '--image', `${image}-missing`);
    assert.equal(code, 1);
    assert.match(stderr, /could not be pulled; the running release is untouched/);
    assert.equal(here.stack.env('APP_TAG'), before);
  });

  it('a name that is none is refused before anything is looked at, with exit code 2', async () => {
    const { code, stderr } = await here.stack.script('deploy.sh', '--image', 'a b; rm -rf x');
    assert.equal(code, 2);
    assert.match(stderr, /is no image[\s\S]*next: scripts\/deploy\.sh --image registry\.example\.com/);
  });
});
