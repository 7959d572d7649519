import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { scratch } from '../fixture.ts';
import { release } from '../releases.ts';
import { Project } from '../userProject.ts';

const first = join(packageRoot(), 'dist/bin/comicpile.js');
const second = release(scratch(), {
  version: '0.2.0',
  templates: {
    'nginx/nginx.conf.ejs': (text) => text.replace('worker_connections 4096;', 'worker_connections 2048;'),
  },
});
const own = '.comicpile/templates/nginx/nginx.conf.ejs';

describe('templates of the project', () => {
  const generated = (): Project => {
    const project = new Project();
    project.must(first, '--yes', '--skip-install', '--domain', 'app.example.test');
    return project;
  };
  const put = (project: Project, path: string, text: string): void => {
    mkdirSync(dirname(join(project.directory, path)), { recursive: true });
    writeFileSync(join(project.directory, path), text);
  };

  it('eject copies one; what is changed there is what is written', () => {
    const project = generated();
    assert.match(
      project.must(first, 'eject', 'nginx/nginx.conf'),
      /create {5}\.comicpile\/templates\/nginx\/nginx\.conf\.ejs/,
    );
    project.edit(own, (text) => text.replace('worker_connections 4096;', 'worker_connections 8192;'));
    project.must(first, '--trust');
    assert.match(project.read('nginx/nginx.conf'), /worker_connections 8192;/);
    assert.match(project.must(first, 'templates', 'list'), /^nginx\/nginx\.conf {2}\.comicpile\/templates$/m);
    assert.match(project.must(first, 'templates', 'check'), /^1 template of the project: every promise is kept$/m);
    project.must(first, 'check');
    const again = project.comicpile(first, 'eject', 'nginx/nginx.conf');
    assert.equal(again.code, 2);
    assert.match(again.stderr, /is there already/);
    assert.equal(project.comicpile(first, 'eject', 'no/such.file').code, 2);
  });

  it('what it was taken from has changed: check and list say so, and the update keeps the own one', () => {
    const project = generated();
    project.must(first, 'eject', 'nginx/nginx.conf');
    project.must(second, 'update');
    assert.match(project.read('nginx/nginx.conf'), /worker_connections 4096;/);
    assert.match(
      project.comicpile(second, 'check').stdout,
      /^override +\.comicpile\/templates\/nginx\/nginx\.conf\.ejs: /m,
    );
    assert.match(project.must(second, 'templates', 'list'), /what it was taken from has changed/);
  });

  it('code, what the model has not, and a broken promise are refused by name; nothing is written', () => {
    const project = generated();
    const tree = project.tree();
    const refused = (path: string, text: string): string => {
      put(project, path, text);
      const { code, stderr } = project.comicpile(first, '--trust', '--domain', 'other.example.test');
      assert.notEqual(code, 0);
      return stderr;
    };
    const secret = '.comicpile/templates/SECURITY.md.ejs';
    assert.match(
      refused(own, '<%- process.exit(0) %>\n'),
      /\.comicpile\/templates\/nginx\/nginx\.conf\.ejs:1: <%- process\.exit\(0\) %> is not in the grammar of templates/,
    );
    assert.match(refused(own, '\n<%- site.domian %>\n'), /nginx\.conf\.ejs:2: the model has no site\.domian/);
    assert.match(refused(own, '<%- process.env.HOME %>\n'), /nginx\.conf\.ejs:1: the model has no process\.env\.HOME/);
    put(project, '.comicpile/templates/nginx/nginx.conf.extra/http.ejs', '<% process.exit(0) //\n');
    const halves = refused(own, '<%# extra: http -%>\n%>\n');
    assert.match(halves, /nginx\.conf\.ejs:2: %> without <%\n/);
    assert.match(halves, /nginx\.conf\.extra\/http\.ejs:1: <% without %>\n/);
    rmSync(join(project.directory, '.comicpile/templates/nginx/nginx.conf.extra'), { recursive: true });
    assert.match(refused(own, 'http { include snippets/none.conf; }\n'), /promise: every nginx include is emitted/);
    assert.match(
      project.comicpile(first, 'templates', 'check').stdout,
      /every nginx include is emitted.*; with the samples defaults/,
    );
    const said = refused(secret, '<%- secrets.DB_PASSWORD %>\n');
    assert.match(said, /promise: no secret outside a secret file/);
    for (const [path, text] of tree) assert.equal(project.tree().get(path), text, path);
  });

  it('a service with the rights of the host is refused, however that is spelled', () => {
    const project = generated();
    project.must(first, 'eject', 'docker-compose.prod.yml');
    project.edit('.comicpile/templates/docker-compose.prod.yml.ejs', (text) =>
      text.replace(/^ {2}db:\n/m, '$&    privileged: True\n'),
    );
    const offence =
      /docker-compose\.prod\.yml: db may not have `privileged: True` \(promise: every service of production/;
    const checked = project.comicpile(first, 'templates', 'check');
    assert.deepEqual([checked.code, offence.test(checked.stdout)], [1, true], checked.stdout);
    const written = project.comicpile(first, '--trust');
    assert.notEqual(written.code, 0);
    assert.match(written.stderr, offence);
    assert.doesNotMatch(project.read('docker-compose.prod.yml'), /privileged: True/);
  });

  it('one without a file of ours is named', () => {
    const project = generated();
    put(project, '.comicpile/templates/nginx/typo.conf.ejs', 'x\n');
    assert.match(project.must(first, 'templates', 'list'), /typo\.conf\.ejs.*does nothing/);
  });
});
