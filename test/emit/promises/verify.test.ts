import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { promises, verify } from '../../../src/emit/promises/verify.ts';
import type { RenderedFile } from '../../../src/emit/renderedFile.ts';
import { spoil } from '../../fixture.ts';
import { rendered } from './broken.ts';

/** One edit for each promise. */
const edits: Readonly<Record<keyof typeof promises, readonly [string, (text: string) => string]>> = {
  'every file can be read by its tools': ['docker-compose.yml', (text) => `${text}a: [\n`],
  'every nginx include is emitted': [
    'nginx/nginx.conf',
    (text) => text.replace('include snippets/tls.conf;', 'include snippets/tsl.conf;'),
  ],
  'every upstream is a service on its port': [
    'nginx/snippets/proxy.conf',
    (text) => text.replace('server app:8000', 'server web:8000'),
  ],
  'every compose variable is set and required': [
    'docker-compose.prod.yml',
    (text) => text.replace('${APP_TAG:?', '${APP_TGA:?'),
  ],
  'every bind mount is emitted': [
    'docker-compose.monitoring.yml',
    (text) => text.replace('}/monitoring/blackbox:', '}/monitoring/black-box:'),
  ],
  'no secret outside a secret file, and those are ignored': [
    '.gitignore',
    (text) => text.replace('.env.production\n', ''),
  ],
  'every service of production is hardened': [
    'docker-compose.prod.yml',
    (text) => text.replace('user: "70:70"', 'user: root'),
  ],
  'the edge keeps headers, limits and TLS as decided': [
    'nginx/snippets/tls.conf',
    (text) => text.replace('TLSv1.2', 'TLSv1'),
  ],
  'whatever nginx answers has been counted by the limits': [
    'nginx/sites/http.conf',
    (text) => text.replace('try_files "" @https;', 'return 301 https://app.example.com/;'),
  ],
  'no pattern of nginx ends at a line break': [
    'nginx/sites/site.conf',
    (text) => text.replace('    http2 on;', '    http2 on;\n    location ~ ^/a(?:/|$) { return 404; }'),
  ],
  'what a client claims of itself does not reach the app': [
    'nginx/snippets/client-claims.conf',
    (text) => text.replace("proxy_set_header Remote-User '';", ''),
  ],
  'each service gets only its own secrets': [
    'docker-compose.monitoring.yml',
    (text) => text.replace('${GRAFANA_ADMIN_PASSWORD:?', '${POSTGRES_PASSWORD:?'),
  ],
  'the connections to the database add up': [
    'docker-compose.prod.yml',
    (text) => text.replace('replicas: 2', 'replicas: 4'),
  ],
  '.env.example matches .env.production': ['.env.example', (text) => text.replace('SECRET_KEY=', 'SECRET=')],
  'pipelines run what is pinned, with the least permissions': [
    '.github/workflows/security.yml',
    (text) => text.replace(/actions\/checkout@\S+/, 'actions/checkout@v7'),
  ],
  'every script named is emitted': ['SECURITY.md', (text) => text.replace('scripts/scan.sh', 'scripts/scna.sh')],
  'a file with another name is called by it': [
    'ops.mk',
    (text) => text.replace('docker-compose.prod.yml', 'docker-compose.comicpile-prod.yml'),
  ],
  'every tick of SECURITY.md has its check': [
    'SECURITY.md',
    (text) => text.replace('`run-logs` |', '`run-by-magic` |'),
  ],
  'every alert is explained and tested': [
    'monitoring/RUNBOOK.md',
    (text) => text.replace('### SiteDown\n', '### SiteIsDown\n'),
  ],
  'every file is plain text as its tools expect it': ['scripts/backup.sh', (text) => text.replace('#!', '#')],
};

describe('promises', () => {
  it('each have an edit here, and a test of their own', () => {
    assert.deepEqual(Object.keys(edits), Object.keys(promises));
    const tests = new Set(readdirSync(import.meta.dirname));
    const untested = Object.values(promises).filter(({ name }) => !tests.has(`${name}.test.js`));
    assert.deepEqual(untested, []);
  });
  it('are all reported in one refusal', () => {
    const { files, stack } = rendered();
    const spoilt = Object.values(edits).reduce<readonly RenderedFile[]>(
      (all, [to, edit]) => spoil(all, to, edit),
      files,
    );
    assert.throws(
      () => verify(spoilt, stack),
      ({ message }: Error) => Object.keys(promises).every((promise) => message.includes(`(promise: ${promise})`)),
    );
  });
  it('quote what others wrote without what a terminal would obey, and not all of it', () => {
    const { files, stack } = rendered();
    const hostile = `x\\e[31m${'y'.repeat(5000)}`;
    const spoilt = spoil(files, 'docker-compose.prod.yml', (text) =>
      text.replace(/^ {2}db:\n/m, (found) => `${found}    hostile: "${hostile}"\n`),
    );
    assert.throws(
      () => verify(spoilt, stack),
      ({ message }: Error) => !message.includes('\x1b') && message.length < 1000 && message.includes('hostile: '),
    );
  });
  it('are not said without end', () => {
    const { files, stack } = rendered();
    const includes = Array.from({ length: 1000 }, (_, index) => `include none${index}.conf;\n`).join('');
    const spoilt = spoil(files, 'nginx/nginx.conf', (text) => includes + text);
    assert.throws(() => verify(spoilt, stack), /and 800 more/);
  });
});
