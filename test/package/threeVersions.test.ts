import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scratch } from '../fixture.ts';
import { release } from '../releases.ts';
import { pack } from '../tarball.ts';
import { writePack } from '../team/somePack.ts';
import { Project } from '../userProject.ts';

type Edits = Readonly<Record<string, (text: string) => string>>;

const swap = (from: string, to: string) => (text: string) => text.replace(from, to);
const setting = swap('HTTPS_PORT=443\n', 'HTTPS_PORT=443\n\n# New in 0.2.0.\nQUEUE_LENGTH=8\n');
const releases: Readonly<Record<string, Edits>> = {
  '0.1.0': {},
  '0.2.0': {
    'nginx/nginx.conf.ejs': swap('worker_connections 4096;', 'worker_connections 8192;'),
    'docker-compose.prod.yml.ejs': swap('max-file: "5"', 'max-file: "7"'),
    'scripts/deploy.sh.ejs': swap('set -', '# New in 0.2.0.\nset -'),
    '_env.example.ejs': setting,
    '_env.production.ejs': setting,
  },
  '0.3.0': {
    'nginx/nginx.conf.ejs': swap('worker_connections 4096;', 'worker_connections 16384;'),
    'docker-compose.prod.yml.ejs': swap('max-file: "5"', 'max-file: "9"'),
    '_env.example.ejs': setting,
    '_env.production.ejs': setting,
    'SECURITY.md.ejs': swap('## Further reading', '## Read on'),
  },
};
const changelog = Object.keys(releases).map((version) => `## ${version}\n\n- What is new in ${version}.\n`);

const artifact = (to: string) => ({ to, owner: 'security' });
/** The team's pack beside each release: it changes, then a file of it is renamed and another one goes. */
const packs = {
  '1.0.0': [
    { artifacts: ['docs/on-call.md', 'docs/old.md'].map(artifact) },
    { 'docs/on-call.md.ejs': 'one\n\ntwo\n\nthree\n', 'docs/old.md.ejs': 'old\n' },
  ],
  '1.1.0': [
    { artifacts: ['docs/on-call.md', 'docs/old.md'].map(artifact) },
    { 'docs/on-call.md.ejs': 'one\n\ntwo\n\nthird\n', 'docs/old.md.ejs': 'old\n' },
  ],
  '2.0.0': [
    {
      artifacts: [artifact('docs/runbook.md')],
      renames: [{ since: '2.0.0', from: 'docs/on-call.md', to: 'docs/runbook.md' }],
    },
    { 'docs/runbook.md.ejs': 'one\n\ntwo\n\nthird\n\nfour\n' },
  ],
} as const;

describe('three released versions and a team pack, from packed tarballs', function () {
  this.timeout(600_000);
  const root = scratch();
  const bins = new Map<string, string>();
  const tarballs = new Map<string, string>();

  before(() => {
    for (const [version, templates] of Object.entries(releases)) {
      const folder = join(root, `built-${version}`);
      const bin = release(folder, {
        version,
        templates,
        changelog: `# Changelog\n\n${[...changelog].reverse().join('\n')}`,
      });
      const tarball = pack(dirname(dirname(dirname(bin))), folder);
      const prefix = join(root, `installed-${version}`);
      mkdirSync(prefix);
      execFileSync('npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', tarball], {
        cwd: prefix,
        stdio: 'ignore',
      });
      bins.set(version, join(prefix, 'node_modules/generator-comicpile/dist/bin/comicpile.js'));
    }
    for (const [version, [manifest, templates]] of Object.entries(packs)) {
      const folder = join(root, `pack-${version}`);
      writePack(folder, manifest, templates, version);
      tarballs.set(version, pack(folder, folder));
    }
  });

  const bin = (version: string): string => bins.get(version) ?? assert.fail(version);
  const install = (project: Project, version: string): void => {
    const args = [
      'install',
      '--save-dev',
      '--no-audit',
      '--no-fund',
      '--offline',
      tarballs.get(version) ?? assert.fail(version),
    ];
    execFileSync('npm', args, { cwd: project.directory, stdio: 'ignore' });
  };

  it('edits in five files come through both updates; what git ignores is neither touched nor shown', () => {
    const project = new Project();
    project.git('init', '--quiet');
    writeFileSync(join(project.directory, 'package.json'), '{"private": true}\n');
    install(project, '1.0.0');
    project.must(
      bin('0.1.0'),
      '--yes',
      '--skip-install',
      '--domain',
      'app.example.test',
      '--packs',
      'a-pack',
      '--trust',
    );

    const edits: Edits = {
      'nginx/nginx.conf': swap('worker_shutdown_timeout 30s;', 'worker_shutdown_timeout 45s;'),
      'docker-compose.prod.yml': swap('memory: 256M', 'memory: 300M'),
      'scripts/deploy.sh': (text) => `${text}echo 'mine'\n`,
      'SECURITY.md': swap('## Further reading', '## Our further reading'),
      'docs/on-call.md': swap('one\n', 'one of ours\n'),
    };
    for (const [path, edit] of Object.entries(edits)) project.edit(path, edit);
    project.edit('.env.production', (text) => `${text}SMTP_PASSWORD=mine-and-nobody-elses\n`);
    const ignored = {
      '.env': 'A=mine-and-nobody-elses\n',
      '.env.app': 'B=1\n',
      'ssl/privkey.pem': 'key\n',
      'backups/a.dump': 'rows\n',
    };
    for (const [path, text] of Object.entries(ignored)) {
      mkdirSync(dirname(join(project.directory, path)), { recursive: true });
      writeFileSync(join(project.directory, path), text);
    }
    const env = project.read('.env.production');
    project.commit();
    assert.equal(project.git('status', '--porcelain'), '');

    const said: string[] = [];
    install(project, '1.1.0');
    project.commit();
    assert.equal(project.comicpile(bin('0.2.0'), 'check').code, 1);
    said.push(project.must(bin('0.2.0'), 'update', '--trust'));
    assert.match(said[0] ?? '', /^## 0\.2\.0\n\n- What is new in 0\.2\.0\.$/m);
    assert.doesNotMatch(said[0] ?? '', /0\.3\.0/);
    assert.match(project.read('nginx/nginx.conf'), /worker_shutdown_timeout 45s;[\s\S]*worker_connections 8192;/);
    assert.match(project.read('docker-compose.prod.yml'), /max-file: "7"[\s\S]*memory: 300M/);
    assert.match(project.read('scripts/deploy.sh'), /# New in 0\.2\.0\.\n[\s\S]*\necho 'mine'\n$/);
    assert.match(project.read('SECURITY.md'), /^## Our further reading$/m);
    assert.equal(project.read('docs/on-call.md'), 'one of ours\n\ntwo\n\nthird\n');
    assert.equal(project.read('.env.production'), `${env}\n# New in 0.2.0.\nQUEUE_LENGTH=8\n`);
    project.must(bin('0.2.0'), 'check', '--allow', 'edited');
    project.commit();

    install(project, '2.0.0');
    project.commit();
    const third = project.comicpile(bin('0.3.0'), 'update', '--trust');
    said.push(third.stdout);
    assert.equal(third.code, 1, third.stderr);
    assert.match(
      project.read('SECURITY.md'),
      /^<<<<<<< yours\n## Our further reading\n=======\n## Read on\n>>>>>>> comicpile 0\.3\.0$/m,
    );
    assert.match(project.git('status', '--porcelain'), /^UU SECURITY\.md$/m);
    assert.match(project.read('nginx/nginx.conf'), /worker_shutdown_timeout 45s;[\s\S]*worker_connections 16384;/);
    // The release takes its line back from a script that the user has edited.
    assert.doesNotMatch(project.read('scripts/deploy.sh'), /New in 0\.2\.0/);
    assert.match(project.read('scripts/deploy.sh'), /\necho 'mine'\n$/);
    assert.deepEqual([project.has('docs/on-call.md'), project.has('docs/old.md')], [false, false]);
    assert.equal(project.read('docs/runbook.md'), 'one of ours\n\ntwo\n\nthird\n\nfour\n');
    assert.equal(project.comicpile(bin('0.3.0'), 'update', '--trust', '--allow-dirty').code, 2, 'markers remain');

    project.edit('SECURITY.md', (text) => text.replace(/^<<<<<<< yours\n(.*)\n=======\n.*\n>>>>>>> .*$/m, '$1'));
    project.commit();
    project.must(bin('0.3.0'), 'check', '--allow', 'edited');
    assert.match(project.must(bin('0.3.0'), 'update', '--trust'), /Nothing to update/);
    assert.equal(project.git('status', '--porcelain'), '');

    for (const [path, text] of Object.entries(ignored)) assert.equal(project.read(path), text, path);
    assert.equal(project.read('.env.production'), `${env}\n# New in 0.2.0.\nQUEUE_LENGTH=8\n`);
    assert.doesNotMatch(said.join(''), /mine-and-nobody-elses/);
    // Back is refused, whole.
    assert.match(
      project.comicpile(bin('0.2.0'), 'update').stderr,
      /it was written by version 0\.3\.0, this is 0\.2\.0/,
    );
  });
});
