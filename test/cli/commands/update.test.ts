import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { first, generated, makeWhole, second, whole } from '../../twoReleases.ts';
import { Project } from '../../userProject.ts';

// What is killed, ignored by git, lost or refused: test/deep/update.test.ts.
before(makeWhole);

describe('comicpile update', () => {
  it('merges what the user has edited, takes what he has not, and says what is new', () => {
    const project = generated();
    project.edit('nginx/nginx.conf', (text) => `# mine\n${text}`);
    project.edit('scripts/deploy.sh', (text) => `${text}\necho mine\n`);
    chmodSync(join(project.directory, 'scripts/lib.sh'), 0o700);
    project.commit();
    const said = project.must(second, 'update');
    assert.match(said, /^## 0\.2\.0\n\n- two/m);
    assert.doesNotMatch(said, /- one|- three/);
    assert.match(said, /merge {6}nginx\/nginx\.conf\n/);
    assert.match(project.read('nginx/nginx.conf'), /^# mine\n[\s\S]*worker_connections 2048;/);
    assert.match(project.read('scripts/deploy.sh'), /\necho mine\n$/);
    assert.match(project.read('scripts/lib.sh'), /umask 0077/);
    assert.equal(project.mode('scripts/lib.sh'), 0o700);
    assert.match(project.read('SECURITY.md'), /New in this version\.\n$/);
    assert.equal(JSON.parse(project.read('.comicpile/lock.json')).generator, '0.2.0');
    project.commit();
    const tree = project.tree();
    assert.match(project.must(second, 'update'), /^Nothing to update/);
    assert.deepEqual(project.tree(), tree);
  });

  it('marks what does not fit, tells git, and refuses to go on until it is decided', () => {
    const project = generated();
    project.edit('nginx/nginx.conf', (text) => text.replace('worker_connections 4096;', 'worker_connections 99;'));
    project.commit();
    const { code, stdout } = project.comicpile(second, 'update');
    assert.equal(code, 1);
    assert.match(stdout, /Conflicts: decide each[^\n]*\n {2}nginx\/nginx\.conf$/m);
    assert.match(
      project.read('nginx/nginx.conf'),
      /<<<<<<< yours\n {4}worker_connections 99;\n=======\n {4}worker_connections 2048;\n>>>>>>> comicpile 0\.2\.0\n/,
    );
    assert.match(project.git('status', '--porcelain'), /^UU nginx\/nginx\.conf$/m);
    assert.equal(project.git('show', ':1:nginx/nginx.conf'), whole.read('nginx/nginx.conf'));
    assert.match(project.git('show', ':2:nginx/nginx.conf'), /worker_connections 99;/);
    assert.match(project.git('show', ':3:nginx/nginx.conf'), /worker_connections 2048;/);

    const again = project.comicpile(second, 'update', '--allow-dirty');
    assert.equal(again.code, 2);
    assert.match(again.stderr, /conflicts of an earlier merge[\s\S]*- nginx\/nginx\.conf/);
    assert.match(project.comicpile(second, 'check').stdout, /^conflict +nginx\/nginx\.conf/m);
    project.edit('nginx/nginx.conf', (text) => text.replace(/<<<<<<< yours\n(.*\n)=======\n.*\n>>>>>>> .*\n/, '$1'));
    project.commit();
    assert.match(project.must(second, 'update'), /^Nothing to update/);
    assert.match(project.read('nginx/nginx.conf'), /worker_connections 99;/);
  });

  it('keeps the answers that a project has, whatever a default has become since', () => {
    const project = generated();
    project.edit('.yo-rc.json', (text) => text.replace('"hsts": "host-only"', '"hsts": "full"'));
    project.commit();
    for (let turn = 0; turn < 2; turn += 1) {
      project.must(second, 'update');
      project.commit();
      assert.match(project.read('.yo-rc.json'), /"hsts": "full"/);
      assert.match(project.read('nginx/snippets/header-values.conf'), /"max-age=31536000; includeSubDomains; preload"/);
    }
  });

  it('secrets are appended to, never shown; where there are none, none are drawn', () => {
    const project = generated();
    const before = project.read('.env.production');
    const said = project.must(second, 'update');
    assert.ok(project.read('.env.production').startsWith(before));
    assert.match(project.read('.env.production'), /\nNEW_SETTING=1\n$/);
    assert.equal(project.mode('.env.production'), 0o600);
    const isSecret = (path: string) => path === '.env.production' || path.startsWith('secrets/');
    const values = [...project.tree()].flatMap(([path, text]) =>
      isSecret(path) ? [...text.matchAll(/(?<=[ =])[A-Za-z0-9_-]{43}$/gm)].map(([value]) => value) : [],
    );
    assert.ok(values.length >= 4);
    const seen = said + [...project.tree()].filter(([path]) => !isSecret(path)).join('\n');
    for (const value of values) assert.ok(!seen.includes(value));

    const clone = new Project();
    clone.git('clone', '--quiet', whole.directory, '.');
    clone.must(second, 'update');
    assert.equal(clone.has('.env.production'), false);
  });
});

describe('comicpile check and diff', () => {
  it('is content with what was generated, in a clone without secrets too', () => {
    assert.match(whole.must(first, 'check'), /^\d+ files are as 0\.1\.0 wrote them$/m);
    const clone = new Project();
    clone.git('clone', '--quiet', whole.directory, '.');
    clone.must(first, 'check');
  });

  it('diff shows yours and ours, and never a secret', () => {
    const project = generated();
    project.edit('nginx/nginx.conf', (text) => `# mine\n${text}`);
    const { code, stdout } = project.comicpile(second, 'diff', 'nginx/nginx.conf');
    assert.equal(code, 1);
    assert.match(stdout, /Yours[\s\S]*\+# mine[\s\S]*Ours[\s\S]*\+ +worker_connections 2048;/);
    const secret = project.comicpile(second, 'diff', '.env.production');
    assert.equal(secret.code, 2);
    assert.match(secret.stderr, /holds secrets, which are never shown/);
    assert.equal(project.comicpile(second, 'diff').code, 2);
  });
});
