import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { writePack } from '../team/somePack.ts';
import { Project } from '../userProject.ts';

const bin = join(packageRoot(), 'dist/bin/comicpile.js');
const answers = ['--yes', '--skip-install', '--domain', 'app.example.test'];

/** A project and its packs, each in a folder beside its files. */
const projectWith = (...packs: Parameters<typeof writePack>[]): Project => {
  const project = new Project();
  for (const [name, ...rest] of packs) writePack(join(project.directory, name), ...rest);
  return project;
};
const refused = (project: Project, ...args: string[]): string => {
  const before = project.tree();
  const { code, stderr, stdout } = project.comicpile(bin, ...answers, '--trust', ...args);
  assert.equal(code, 2, stdout + stderr);
  assert.deepEqual(project.tree(), before, 'something was written');
  return stderr;
};
const made = (project: Project, ...args: string[]): string => project.must(bin, ...answers, '--trust', ...args);

describe('packs', () => {
  it('bring templates, lines, files, questions, promises and policy', () => {
    const project = projectWith([
      'one',
      {
        artifacts: [
          { to: 'docs/runbook.md', owner: 'security' },
          { to: 'scripts/hello.sh', owner: 'scripts', kind: 'script', when: 'packs.acme.pager' },
          { to: 'docs/gold.md', owner: 'security', kind: 'once', when: 'packs.acme.tier.is.gold' },
          { to: 'docs/silver.md', owner: 'security', when: 'packs.acme.tier.is.silver' },
        ],
        questions: {
          team: { message: 'Team', kind: 'words', default: 'Platform' },
          pager: { message: 'Pager', kind: 'switch', default: 'off' },
          tier: { message: 'Tier', kind: 'choice', choices: ['gold', 'silver'], default: 'gold' },
          hosts: { message: 'Hosts', kind: 'domains', default: 'a.example.test,b.example.test' },
        },
        promises: [{ promise: 'the runbook names a team', files: ['docs/runbook.md'], matches: '^Team: .' }],
        policy: {
          limits: { maintenanceRetryAfter: 601, authPaths: ['sign-in'] },
          images: { nginx: 'registry.example.com/nginx-unprivileged:1.30-alpine' },
          headers: {
            'X-Robots-Tag': { value: 'noindex', why: 'Search engines do not list these pages' },
            'Referrer-Policy': { value: 'no-referrer' },
          },
          connections: { replicas: 3 },
          recovery: { basesKept: 5 },
        },
      },
      {
        'docs/runbook.md.ejs':
          'Team: <%- packs.acme.team %>, <%- packs.acme.tier.value %>\n<% for (const host of packs.acme.hosts) { -%>\n- <%- host %>\n<% } -%>\n',
        'scripts/hello.sh.ejs': '#!/usr/bin/env bash\necho hello\n',
        'docs/gold.md.ejs': 'gold\n',
        'docs/silver.md.ejs': 'silver\n',
        'nginx/pages/maintenance.json.ejs': '{"of": "the pack"}\n',
        'nginx/nginx.conf.extra/http.ejs': '# of the pack\n\n# two lines\n',
      },
    ]);
    made(project, '--packs', './one', '--set', 'acmeTeam=Payments; acmePager=on');
    assert.equal(project.read('docs/runbook.md'), 'Team: Payments, gold\n- a.example.test\n- b.example.test\n');
    assert.equal(project.mode('scripts/hello.sh'), 0o755);
    assert.deepEqual([project.has('docs/gold.md'), project.has('docs/silver.md')], [true, false]);
    assert.equal(project.read('nginx/pages/maintenance.json'), '{"of": "the pack"}\n');
    assert.match(project.read('nginx/nginx.conf'), /^ {4}# of the pack\n\n {4}# two lines\n {4}# The servers\./m);
    const limits = project.read('nginx/snippets/rate-limits.conf');
    assert.match(limits, /\(\?:sign\[-_\]\?in\)/);
    assert.match(project.read('nginx/snippets/errors.conf'), /601/);
    assert.match(
      project.read('docker-compose.prod.yml'),
      /image: registry\.example\.com\/nginx-unprivileged:1\.30-alpine/,
    );
    assert.match(project.read('docker-compose.prod.yml'), /replicas: 3$/m);
    const headers = project.read('nginx/snippets/security-headers.conf');
    assert.match(headers, /add_header X-Robots-Tag "noindex" always;/);
    assert.match(headers, /add_header Referrer-Policy "no-referrer" always;/);
    assert.match(
      project.read('SECURITY.md'),
      /\| X-Robots-Tag \| `noindex` \| Search engines do not list these pages \|/,
    );
    assert.match(project.must(bin, 'check'), /^\d+ files are as/);
    assert.match(project.must(bin, 'templates', 'check'), /the pack \.\/one 1\.0\.0: every promise is kept/);
    assert.match(project.must(bin, 'templates', 'list'), /^nginx\/nginx\.conf {2}built in, #http of \.\/one$/m);
    assert.match(project.must(bin, 'templates', 'list'), /^docs\/runbook\.md {2}\.\/one$/m);
    // The stored answers do for the next run; one that is edited is as one of ours.
    assert.match(project.must(bin, '--trust'), /Nothing to change/);
    project.edit('docs/runbook.md', (text) => `${text}mine\n`);
    assert.match(project.comicpile(bin, 'check').stdout, /^edited +docs\/runbook\.md/m);
  });

  it('stand in the order of their names, the project before them, ours behind; lines add up', () => {
    const page = 'nginx/pages/maintenance.json.ejs';
    const html = 'nginx/pages/maintenance.html.ejs';
    const lines = 'nginx/nginx.conf.extra/http.ejs';
    const project = projectWith(
      ['one', {}, { [page]: '"one"\n', [lines]: '# one\n' }],
      ['two', { id: 'other' }, { [page]: '"two"\n', [html]: 'two\n', [lines]: '# two' }],
    );
    made(project, '--packs', './one,./two');
    assert.deepEqual(
      [project.read('nginx/pages/maintenance.json'), project.read('nginx/pages/maintenance.html')],
      ['"one"\n', 'two\n'],
    );
    assert.match(project.read('nginx/nginx.conf'), /^ {4}# two\n {4}# one\n {4}# The servers/m);
    const own = join(project.directory, '.comicpile/templates', page);
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, '"mine"\n');
    project.must(bin, '--trust');
    assert.equal(project.read('nginx/pages/maintenance.json'), '"mine"\n');
    made(project, '--packs', './two,./one', '--force');
    assert.match(project.read('nginx/nginx.conf'), /^ {4}# one\n {4}# two$/m);
  });

  it('are found where npm puts them, in the project or above; .yo-rc.json may name them as a list', () => {
    const project = projectWith(
      ['node_modules/@acme/pack', { artifacts: [{ to: 'a.md', owner: 'security' }] }, { 'a.md.ejs': 'a\n' }],
      ['app/node_modules/pack-b', { id: 'bb' }, { 'nginx/nginx.conf.extra/main.ejs': '# b\n' }],
    );
    const stored = { 'generator-comicpile': { packs: ['@acme/pack', 'pack-b'] } };
    writeFileSync(join(project.directory, 'app/.yo-rc.json'), JSON.stringify(stored));
    made(project, '--output', 'app');
    assert.equal(project.read('app/a.md'), 'a\n');
    assert.match(project.read('app/nginx/nginx.conf'), /^# b$/m);
    assert.match(
      refused(project, '--packs', 'not-installed'),
      /not-installed is not here[\s\S]*npm install not-installed/,
    );
  });

  it('answers come from a variable and the answers file too; a wrong or unknown one is refused', () => {
    const project = projectWith([
      'one',
      {
        artifacts: [{ to: 'a.md', owner: 'security' }],
        questions: { port: { message: 'Port', kind: 'port', default: '9000' } },
      },
      { 'a.md.ejs': '<%- packs.acme.port %>\n' },
    ]);
    writeFileSync(join(project.directory, 'answers.yml'), 'packs: [./one]\nacmePort: 9001\n');
    made(project, '--answers', 'answers.yml');
    assert.equal(project.read('a.md'), '9001\n');
    const wrong = refused(project, '--set', 'acmePort=80', '--domain', 'no');
    assert.match(wrong, /--set acmePort=…: "80" is not a port from 1024 to 65535/);
    assert.match(wrong, /--domain: /);
    assert.match(
      refused(project, '--set', 'acmeProt=9002'),
      /--set acmeProt=9002: no pack asks for it\. Did you mean "acmePort"\?/,
    );
    writeFileSync(join(project.directory, 'answers.yml'), 'acmeProt: 1\n');
    assert.match(
      refused(project, '--answers', 'answers.yml'),
      /There is no question "acmeProt"\. Did you mean "acmePort"\?/,
    );
  });

  it('a manifest that is wrong is refused, with all that is', () => {
    const project = projectWith([
      'one',
      { questions: { Team: { kind: 'text' } }, artifact: [], policy: { limits: { burst: 1 } } },
    ]);
    const said = refused(project, '--packs', './one');
    for (const part of [
      /must NOT have additional properties \("artifact"\)/,
      /questions.*property name must be valid/,
      /questions\.Team must have required property 'message'/,
      /questions\.Team\.kind must be equal to one of the allowed values \(choice, count, .*\), for example "words"/,
      /policy\.limits must NOT have additional properties \("burst"\)/,
    ])
      assert.match(said, part);
    writeFileSync(join(project.directory, 'one/comicpile-pack.json'), '{');
    assert.match(refused(project, '--packs', './one'), /comicpile-pack\.json: .*JSON/);
  });

  it('a manifest that still has rules is told what they are called', () => {
    const project = projectWith(['one', { rules: [{ promise: 'a', files: ['b'], lacks: 'c' }] }]);
    assert.match(
      refused(project, '--packs', './one'),
      /comicpile-pack\.json: rules are called promises: write "promises"/,
    );
  });

  it('what a manifest must not say is refused, for all packs at once', () => {
    const project = projectWith(
      [
        'one',
        {
          artifacts: [
            { to: '.env.local', owner: 'env' },
            { to: 'a/../../b', owner: 'docker' },
            { to: '.git/hooks', owner: 'docker' },
            { to: 'Dockerfile', owner: 'docker' },
            { to: 'nginx', owner: 'nginx' },
            { to: 'docs', owner: 'docker' },
            { to: 'docs/a.md', owner: 'docker' },
          ],
          questions: {
            tier: { message: 'Tier', kind: 'words', default: 'gold', choices: ['gold', 'silver'] },
            host: { message: 'Host', kind: 'domain', default: 'no host' },
          },
          policy: {
            limits: { staticRate: 'fast' },
            headers: { 'Content-Security-Policy': { value: 'x' }, 'X-New': { value: 'a"b' } },
          },
        },
        { 'a/../../b.ejs': '', 'Dockerfile.ejs': 'FROM x\n' },
      ],
      ['two', { comicpile: '0.1.0' }],
    );
    const said = refused(project, '--packs', './one,./two');
    for (const part of [
      '.env.local is no place',
      'a/../../b is no place',
      '.git/hooks is no place',
      'Dockerfile is a file of this generator',
      'nginx and nginx/nginx.conf cannot both be',
      'docs/a.md and docs cannot both be',
      'has no templates/_env.local.ejs',
      'questions.tier: kind choice has choices',
      'questions.host.default: "no host" is not a public host name',
      'policy.limits.staticRate: "fast" is not a rate',
      'policy.headers.Content-Security-Policy: is the answer csp',
      'policy.headers.X-New: is new and needs a `why`',
      'policy.headers.X-New.value: "a\\"b" is not the value of a header',
      './two: another pack has the id acme',
    ])
      assert.ok(said.includes(part), `${part}\n${said}`);
    const promises = [{ promise: 'none', files: ['nginx/'], lacks: '(?<=a)b' }];
    writePack(join(project.directory, 'one'), { promises });
    assert.match(refused(project, '--packs', './one'), /promises: none: lacks: .*neither looking around/);
    writePack(join(project.directory, 'one'), { comicpile: '99.0.0' });
    assert.match(refused(project, '--packs', './one'), /needs generator-comicpile 99\.0\.0 or newer/);
  });

  it('a broken promise of theirs, or of ours, is refused by its name; secrets are never looked at', () => {
    const promises = [
      { promise: 'nobody speaks of tea', files: ['docker-compose.prod.yml', 'nginx/'], lacks: '[Tt]ea' },
      { promise: 'secrets are seen', files: ['.env.production'], matches: 'SECRET_KEY' },
    ];
    const project = projectWith([
      'one',
      { promises },
      { 'nginx/nginx.conf.extra/http.ejs': '# tea\ninclude none.conf;\n' },
    ]);
    const said = refused(project, '--packs', './one');
    assert.match(said, /nginx\/nginx\.conf matches \[Tt\]ea \(promise: nobody speaks of tea \(of \.\/one\)\)/);
    assert.match(said, /\.env\.production is not emitted \(promise: secrets are seen/);
    assert.match(said, /promise: every nginx include is emitted/);
  });

  it('one that goes takes its files along, but for those that were edited or that git ignores', () => {
    const artifacts = ['a.md', 'b.md', 'c.md'].map((to) => ({ to, owner: 'security' }));
    const project = projectWith(['one', { artifacts }, { 'a.md.ejs': 'a\n', 'b.md.ejs': 'b\n', 'c.md.ejs': 'c\n' }]);
    made(project, '--packs', './one');
    project.git('init', '--quiet');
    project.edit('.gitignore', (text) => `${text}c.md\n`);
    project.edit('b.md', (text) => `${text}mine\n`);
    project.must(bin, 'update', '--packs', '');
    assert.deepEqual(
      ['a.md', 'b.md', 'c.md'].map((path) => project.has(path)),
      [false, true, true],
    );
    assert.doesNotMatch(project.read('.comicpile/lock.json'), /\.\/one/);
    project.must(bin, 'check');
  });

  it('a template that is a link is refused', () => {
    const project = projectWith(['one', {}, { 'a.ejs': '' }]);
    symlinkSync('/etc/hostname', join(project.directory, 'one/templates/link.ejs'));
    assert.match(refused(project, '--packs', './one'), /templates\/link\.ejs is a link/);
  });
});

describe('comicpile pack', () => {
  for (const [name, folder, id] of [
    ['@acme/comicpile-pack', 'comicpile-pack', 'acme'],
    ['comicpile-our-team', 'comicpile-our-team', 'ourTeam'],
    ['pack', 'pack', 'team'],
  ] as const) {
    it(`makes a pack of ${name} that keeps every promise`, () => {
      const project = new Project();
      project.must(bin, 'pack', name);
      const manifest = JSON.parse(project.read(`${folder}/comicpile-pack.json`)) as { id: string; comicpile: string };
      const about = JSON.parse(project.read(`${folder}/package.json`)) as { name: string };
      assert.deepEqual([about.name, manifest.id], [name, id]);
      assert.equal(existsSync(join(project.directory, folder, '.gitignore')), true);
      assert.match(project.must(bin, 'templates', 'check', '--packs', `./${folder}`), /every promise is kept/);
      made(project, '--packs', `./${folder}`);
      assert.match(project.read('docs/on-call.md'), /^Team: Platform$/m);
      const again = project.comicpile(bin, 'pack', name);
      assert.equal(again.code, 1);
      assert.match(again.stderr, /is there, and not empty/);
    });
  }
  for (const name of ['./here', 'A B', '@acme', 'a,b', '../up', '-x']) {
    it(`refuses ${name}`, () => {
      const project = new Project();
      const { code } = project.comicpile(bin, 'pack', '--', name);
      assert.equal(code, 2);
      assert.deepEqual([...project.tree()], []);
    });
  }
  it('its schema is the one that the package has', () => {
    const { $schema } = JSON.parse(readFileSync(join(packageRoot(), 'scaffold/comicpile-pack.json'), 'utf8')) as {
      $schema: string;
    };
    assert.ok(existsSync(join(packageRoot(), $schema.replace('./node_modules/generator-comicpile/', ''))));
  });
});
