import assert from 'node:assert/strict';
import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { first, generated, makeWhole, second, whole } from '../twoReleases.ts';
import { Project } from '../userProject.ts';

before(makeWhole);

describe('comicpile update, whatever the project is like', () => {
  it('what the user has deleted stays so, until --restore', () => {
    const project = generated();
    for (const path of ['SECURITY.md', 'Makefile', 'app/static/favicon.svg']) rmSync(join(project.directory, path));
    project.commit();
    assert.match(project.must(second, 'update'), /You have deleted these[^\n]*\n {2}Makefile\n {2}SECURITY\.md\n/);
    for (const path of ['SECURITY.md', 'Makefile', 'app/static/favicon.svg'])
      assert.equal(project.has(path), false, path);
    project.commit();
    project.must(second, 'update', '--restore');
    assert.match(project.read('SECURITY.md'), /New in this version/);
    assert.ok(project.has('Makefile'));
  });

  it('files that git ignores are neither touched nor deleted nor shown', () => {
    // As in copier #2729: files of the template that the project ignores; here one unedited, one edited.
    const project = generated();
    writeFileSync(join(project.directory, '.env.app'), 'SMTP_PASSWORD=of-the-user\n');
    project.edit('.gitignore', (text) => `${text}nginx/nginx.conf\nscripts/lib.sh\n.env.app\n`);
    project.git('rm', '--quiet', '--cached', 'nginx/nginx.conf', 'scripts/lib.sh');
    project.edit('scripts/lib.sh', (text) => `${text}# token of-the-user\n`);
    project.commit();
    const lib = project.read('scripts/lib.sh');
    const said = project.comicpile(second, 'update', '--dry-run').stdout + project.must(second, 'update');
    assert.equal(project.read('.env.app'), 'SMTP_PASSWORD=of-the-user\n');
    assert.equal(project.read('nginx/nginx.conf'), whole.read('nginx/nginx.conf'));
    assert.equal(project.read('scripts/lib.sh'), lib);
    assert.doesNotMatch(said, /of-the-user|\.env\.app/);
    assert.match(said, /git ignores them[\s\S]*nginx\/nginx\.conf\n {2}scripts\/lib\.sh/);
    assert.match(project.read('SECURITY.md'), /New in this version/);
    project.must(second, 'check', '--allow', 'edited');
    project.commit();
    const again = project.must(second, 'update');
    assert.match(again, /Nothing to update/);
    // A repository around it that ignores all, as one of dot files does, says nothing of the files in it.
    const around = new Project();
    around.git('init', '--quiet');
    writeFileSync(join(around.directory, '.gitignore'), '*\n');
    around.must(first, '--yes', '--skip-install', '--domain', 'app.example.test');
    assert.match(around.must(second, 'update'), /update +nginx\/nginx\.conf/);
  });

  it('a merge base that is lost, or was changed, is not merged from: unedited files are taken, of edited ones each difference is asked', () => {
    for (const spoil of [
      (path: string) => rmSync(path),
      (path: string) => writeFileSync(path, '# not what we wrote\n'),
    ]) {
      const project = generated();
      const own = (text: string) => text.replace('worker_shutdown_timeout 30s;', 'worker_shutdown_timeout 45s;');
      project.edit('nginx/nginx.conf', own);
      project.edit('ops.mk', (text) => `${text}# mine\n`);
      for (const path of ['nginx/nginx.conf', 'ops.mk', 'SECURITY.md']) {
        spoil(join(project.directory, '.comicpile/base', path));
      }
      project.commit();
      assert.match(project.comicpile(first, 'check').stdout, /^base +SECURITY\.md: /m);
      assert.match(project.comicpile(second, 'diff', 'nginx/nginx.conf').stdout, /what we wrote last is not known/);
      assert.equal(project.comicpile(second, 'update').code, 1);
      assert.match(project.read('SECURITY.md'), /New in this version/);
      assert.match(project.read('ops.mk'), /# mine\n$/);
      assert.doesNotMatch(project.read('ops.mk'), /<<<<<<</);
      const conflicts = project.read('nginx/nginx.conf').match(/^<<<<<<< yours\n.*\n=======\n.*\n>>>>>>> .*$/gm) ?? [];
      assert.deepEqual(
        conflicts.map((text) => text.split('\n').slice(1, 4).join('|')),
        [
          'worker_shutdown_timeout 45s;|=======|worker_shutdown_timeout 30s;',
          '    worker_connections 4096;|=======|    worker_connections 2048;',
        ],
      );
      project.edit('nginx/nginx.conf', (text) =>
        text.replace(/^<<<<<<< yours\n(.*\n)=======\n.*\n>>>>>>> .*\n/gm, '$1'),
      );
      project.commit();
      project.must(second, 'check', '--allow', 'edited');
    }
  });

  it('refuses a dirty tree, a newer lock and a directory without one; nothing is written', () => {
    const project = generated();
    project.edit('app/main.py', (text) => `${text}# half done\n`);
    const tree = project.tree();
    const dirty = project.comicpile(second, 'update');
    assert.equal(dirty.code, 2);
    assert.match(dirty.stderr, /not committed[\s\S]*- app\/main\.py[\s\S]*--allow-dirty/);
    assert.deepEqual(project.tree(), tree);
    project.must(second, 'update', '--allow-dirty');
    project.commit();
    const older = project.comicpile(first, 'update');
    assert.equal(older.code, 2);
    assert.match(older.stderr, /written by version 0\.2\.0, this is 0\.1\.0/);
    const empty = new Project().comicpile(second, 'update');
    assert.equal(empty.code, 2);
    assert.match(empty.stderr, /no \.comicpile\/lock\.json/);
  });

  it('--dry-run shows the differences, writes nothing, and its exit code tells', () => {
    const project = generated();
    const tree = project.tree();
    const { code, stdout } = project.comicpile(second, 'update', '--dry-run');
    assert.equal(code, 1);
    assert.match(stdout, /^-.*worker_connections 4096;\n\+.*worker_connections 2048;$/m);
    assert.doesNotMatch(stdout, /\.comicpile\/base/);
    assert.deepEqual(project.tree(), tree);
    project.must(second, 'update');
    project.commit();
    assert.equal(project.comicpile(second, 'update', '--dry-run').code, 0);
  });

  it('CRLF throughout stays CRLF, and is no edit', () => {
    const project = generated();
    project.edit('nginx/nginx.conf', (text) => text.replaceAll('\n', '\r\n'));
    project.commit();
    assert.doesNotMatch(project.comicpile(first, 'check').stdout, /nginx\.conf/);
    project.must(second, 'update');
    assert.match(project.read('nginx/nginx.conf'), /worker_connections 2048;\r\n/);
    assert.doesNotMatch(project.read('nginx/nginx.conf'), /[^\r]\n/);
  });

  it('killed (-9) at any rename or removal: all is old, or the next run makes all new', () => {
    const edited = generated();
    edited.edit('nginx/nginx.conf', (text) => text.replace('worker_connections 4096;', 'worker_connections 99;'));
    edited.edit('SECURITY.md', (text) => `mine\n${text}`);
    edited.commit();
    const copy = (): Project => {
      const project = new Project();
      cpSync(edited.directory, project.directory, { recursive: true });
      return project;
    };
    const old = edited.tree();
    const done = copy();
    done.comicpile(second, 'update');
    const expected = done.tree();
    let kills = 0;
    for (let at = 1; at < 200; at += 1) {
      const project = copy();
      const { signal, code } = project.killed(second, at, 'update');
      if (signal === null) {
        assert.equal(code, 1);
        break;
      }
      kills += 1;
      const tree = project.tree();
      for (const [path, text] of tree) {
        if (path.startsWith('.comicpile-staging-')) continue;
        assert.ok(text === old.get(path) || text === expected.get(path), `${at}: ${path} is neither old nor new`);
      }
      for (const path of old.keys()) assert.ok(tree.has(path), `${at}: ${path} is gone`);
      // From the decision on, to when no more is left of the run.
      const isLeft = [...tree.keys()].some((path) => path.startsWith('.comicpile-staging-'));
      if (at > 1 && isLeft) assert.match(project.comicpile(second, 'check').stdout, /^interrupted/m);
      // It goes on by itself; the conflict is there then, as in the run that was not killed.
      project.comicpile(second, 'update', '--allow-dirty');
      assert.deepEqual(project.tree(), expected, `after a kill at ${at}`);
    }
    assert.ok(kills > 10, `${kills} kills`);
  });

  it('killed where nothing can be noted: the next run says so, and does not fail', function () {
    if (process.platform !== 'linux') this.skip();
    const project = new Project({ XDG_STATE_HOME: '/proc/none' });
    const args = ['--yes', '--skip-install', '--domain', 'app.example.test'];
    assert.equal(project.killed(first, 5, ...args).signal, 'SIGKILL');
    const said = project.must(first, ...args);
    const staging = /^(\.comicpile-staging-\w+) is not of a run of yours on this machine/m.exec(said)?.[1] ?? said;
    assert.ok(project.has(staging));
    for (const path of whole.tree().keys()) assert.ok(project.has(path), path);
  });

  it('what the user changes after a kill is not overwritten', () => {
    const project = generated();
    project.killed(second, 2, 'update');
    project.edit('SECURITY.md', (text) => `mine\n${text}`);
    const tree = project.tree();
    const { code, stderr } = project.comicpile(second, 'update', '--allow-dirty');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /interrupted, and these files have changed since[\s\S]*- SECURITY\.md\n[\s\S]*rm -r \.comicpile-staging-/,
    );
    assert.deepEqual(project.tree(), tree);
  });
});

describe('comicpile check', () => {
  it('finds each kind, in words, JSON and SARIF', () => {
    const project = generated();
    project.edit('nginx/nginx.conf', (text) => `# mine\n${text}`);
    rmSync(join(project.directory, 'scripts/scan.sh'));
    chmodSync(join(project.directory, 'scripts/deploy.sh'), 0o644);
    project.edit('.comicpile/base/ops.mk', (text) => `${text}# spoilt\n`);
    project.git('add', '--force', '.env.production');
    const { code, stdout } = project.comicpile(second, 'check', '--json');
    assert.equal(code, 1);
    const { findings } = JSON.parse(stdout) as { findings: { path: string; kind: string }[] };
    const found = findings.map(({ kind, path }) => `${kind} ${path}`);
    for (const each of [
      'edited nginx/nginx.conf',
      'outdated nginx/nginx.conf',
      'missing scripts/scan.sh',
      'mode scripts/deploy.sh',
      'base ops.mk',
      'outdated SECURITY.md',
      'secret .env.production',
    ]) {
      assert.ok(found.includes(each), `${each}: ${found.join(', ')}`);
    }
    const sarif = JSON.parse(project.comicpile(second, 'check', '--sarif').stdout);
    assert.equal(sarif.version, '2.1.0');
    assert.equal(sarif.runs[0].results.length, findings.length);
    const allowed = ['--allow', 'edited,missing,mode,base,outdated,secret'];
    assert.equal(project.comicpile(second, 'check', ...allowed).code, 0);
    assert.equal(project.comicpile(second, 'check', '--allow', 'all').code, 2);
  });
});
