import assert from 'node:assert/strict';
import type { RawAnswers } from '../../src/answers/questions.ts';
import { verify } from '../../src/emit/promises/verify.ts';
import type { RenderedFile } from '../../src/emit/renderedFile.ts';
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
      const line = `add_header Strict-Transport-Security "${value}" always;`;
      assert.ok(textOf(files, 'nginx/snippets/security-headers.conf').includes(line));
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
});
