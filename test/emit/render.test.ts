import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { RawAnswers } from '../../src/answers/questions.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { artifacts } from '../../src/emit/catalogue.ts';
import { verify } from '../../src/emit/promises/verify.ts';
import { render as renderFrom } from '../../src/emit/render.ts';
import type { RenderedFile } from '../../src/emit/renderedFile.ts';
import { builtIn, projectTemplates } from '../../src/emit/sources.ts';
import { folderWith, renderAll, stackOf } from '../fixture.ts';

const render = (given: Partial<RawAnswers>, directory?: string) => {
  const stack = stackOf(given, directory);
  return verify(renderAll(stack), stack);
};

const textOf = (files: readonly RenderedFile[], to: string): string =>
  files.find(({ artifact }) => artifact.to === to)?.text ?? '';

describe('render', () => {
  it('prints the answers where they belong', () => {
    const files = render({
      domain: 'comics.example',
      serverNames: 'www.comics.example',
      bodySize: '3m',
      rateLimit: '7r/s',
    });
    assert.match(textOf(files, 'nginx/sites/site.conf'), /server_name comics\.example www\.comics\.example;/);
    assert.match(textOf(files, 'nginx/snippets/clients.conf'), /client_max_body_size +3m;/);
    assert.match(textOf(files, 'nginx/snippets/rate-limits.conf'), /zone=api:10m rate=7r\/s;/);
    assert.match(textOf(files, 'docker-compose.prod.yml'), /PUBLIC_ORIGIN: https:\/\/comics\.example\n/);
  });
  for (const [hsts, value] of [
    ['full', 'max-age=31536000; includeSubDomains; preload'],
    ['no-preload', 'max-age=31536000; includeSubDomains'],
    ['host-only', 'max-age=31536000'],
  ] as const) {
    it(`has HSTS ${hsts} in nginx and in SECURITY.md`, () => {
      const files = render({ hsts });
      assert.ok(textOf(files, 'nginx/snippets/header-values.conf').includes(`    on      "${value}";\n`));
      assert.ok(textOf(files, 'SECURITY.md').includes(`| Strict-Transport-Security | \`${value}\` |`));
    });
  }
  it('delivers secrets as files when asked', () => {
    const files = render({ secrets: 'files' });
    const compose = textOf(files, 'docker-compose.prod.yml');
    assert.match(compose, /POSTGRES_PASSWORD_FILE: \/run\/secrets\/postgres_password/);
    assert.doesNotMatch(compose, /\$\{DB_PASSWORD/);
    assert.ok(files.some(({ artifact }) => artifact.to === 'secrets/secret_key'));
    assert.doesNotMatch(textOf(files, '.env.production'), /PASSWORD/);
  });
  it('deploys an app that exists without emitting one', () => {
    const directory = folderWith({
      'requirements.txt': 'fastapi\nuvicorn\npsycopg2\n',
      'web/main.py': `import os

import psycopg2
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

app = FastAPI()
app.mount("/static", StaticFiles(directory="static"))
database = psycopg2.connect(os.environ["DATABASE_URL"])
`,
      'static/x': '',
    });
    const files = render({ app: 'existing', migrations: 'none', appEntry: 'web.main:app', appPort: '9000' }, directory);
    const dockerfile = textOf(files, 'Dockerfile');
    assert.match(dockerfile, /COPY --chmod=0755 web \.\/web\n/);
    assert.match(dockerfile, /COPY --chmod=0755 static \.\/static\n/);
    assert.match(dockerfile, /libpq5/);
    assert.match(dockerfile, /"web\.main:app"/);
    assert.match(textOf(files, 'nginx/snippets/proxy.conf'), /server app:9000 /);
    const compose = textOf(files, 'docker-compose.prod.yml');
    assert.match(compose, /DATABASE_URL: "postgresql:\/\/comicpile:/);
    assert.doesNotMatch(compose, /migrate|DB_OWNER_PASSWORD/);
    assert.deepEqual(
      files.filter(({ artifact }) => artifact.owner === 'fastapi'),
      [],
    );
  });
  it('throws where a template asks for what the model does not have', () => {
    const { site, ...rest } = stackOf();
    const { domain, ...withoutDomain } = site;
    assert.equal(domain, 'app.example.test');
    assert.throws(() => renderAll({ ...rest, site: withoutDomain as typeof site }), /the model has no site\.domain/);
  });

  describe('with templates of a team', () => {
    const problemsOf = (files: Readonly<Record<string, string>>): readonly string[] => {
      const own = { name: projectTemplates, root: folderWith(files) };
      try {
        renderFrom(artifacts, stackOf(), [own, { name: 'none', root: join(own.root, 'none') }, builtIn()]);
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error));
        return error.problems;
      }
      return [];
    };
    const own = (path: string) => `${projectTemplates}/${path}`;

    it('takes them, and lines in a slot, and ours for all the rest', () => {
      const root = folderWith({
        'nginx/pages/maintenance.json.ejs': '"<%- site.domain %>"\n',
        'nginx/nginx.conf.extra/http.ejs': '# of <%- site.domain %>\n',
      });
      const stack = stackOf();
      const files = renderFrom(artifacts, stack, [{ name: 'own', root }, builtIn()]);
      assert.equal(textOf(files, 'nginx/pages/maintenance.json'), '"app.example.test"\n');
      const nginx = textOf(files, 'nginx/nginx.conf');
      assert.match(nginx, /^ {4}# of app\.example\.test\n {4}# The servers/m);
      const ours = renderAll(stack).filter(({ artifact }) => !/maintenance\.json|nginx\.conf/.test(artifact.to));
      for (const { artifact, text } of ours) assert.equal(textOf(files, artifact.to), text);
      assert.equal(nginx.replace(/^ {4}# of app\.example\.test\n/m, ''), textOf(renderAll(stack), 'nginx/nginx.conf'));
    });
    it('refuses them all at once, with file, line and tag or path', () =>
      assert.deepEqual(
        problemsOf({
          'Dockerfile.ejs': '\n<%- app.name.length %><%- app.constructor.name %>\n<% if (false) { -%>\n',
          'nginx/nginx.conf.ejs': '<%- app.nmae %>\n<%# extra: http -%>\n<%- app.names %>\n',
          'nginx/nginx.conf.extra/http.ejs': '\n\n<%- site.domian %><%- app.nmae %>\n',
          'nginx/pages/maintenance.json.ejs': '<% if (app.isNew) { -%>\n',
          'nginx/sites/site.conf.extra/server.ejs': '<% } -%>\n',
        }),
        [
          own('Dockerfile.ejs:3: the model has no false'),
          own('Dockerfile.ejs:3: <% if (false) { -%> has no <% } -%>'),
          own('nginx/nginx.conf.ejs:1: the model has no app.nmae'),
          own('nginx/nginx.conf.extra/http.ejs:3: the model has no site.domian'),
          own('nginx/nginx.conf.ejs:3: the model has no app.names'),
          own('nginx/sites/site.conf.extra/server.ejs:1: <% } -%> closes nothing'),
          own('nginx/pages/maintenance.json.ejs:1: <% if (app.isNew) { -%> has no <% } -%>'),
        ],
      ));
    it('says no more of one than can be taken in, in characters that a terminal does not obey', () => {
      const problems = problemsOf({ 'Dockerfile.ejs': '<% \u001b]0;x\u0007 %>\n'.repeat(50_000) });
      assert.equal(problems.length, 11);
      assert.equal(problems.at(-1), 'Dockerfile.ejs: and 49990 more');
      for (const problem of problems.slice(0, -1)) assert.match(problem, /^[\x20-\x7e]{1,120}$/);
    });
    it('gives up one that has no end', () => {
      const loops = '<% for (const x of headers) { -%>'.repeat(15) + '<% } -%>'.repeat(15);
      assert.deepEqual(problemsOf({ 'Dockerfile.ejs': loops }), [
        own('Dockerfile.ejs: it takes more than 100000 steps'),
      ]);
    });
  });
});
