import assert from 'node:assert/strict';
import {
  asgiEntry,
  domain,
  domainList,
  oneOf,
  optionalEmail,
  optionalServer,
  port,
  rate,
  role,
  servedNameList,
  size,
  slug,
  urlPath,
} from '../../src/answers/values.ts';
import { accepts, refuses } from '../parses.ts';

describe('domain', () => {
  accepts(domain, [
    ['app.example.com', 'app.example.com'],
    [' App.Example.COM ', 'app.example.com'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ]);
  refuses(domain, [
    '',
    'localhost',
    '10.0.0.1',
    'https://app.example.com',
    'app.example.com:443',
    'app.example.com/',
    'app.example.com.',
    '-a.example.com',
    'a-.example.com',
    'a_b.example.com',
    'bücher.example',
    'аpp.example.com', // a Cyrillic а
    '\u212a.example.com', // the Kelvin sign, whose small letter is k
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}com`,
    'a.com; return 200',
    '$(id).example.com',
    '${HOME}.example.com',
    'a.com\nserver_name evil',
    '../etc.example',
    '*.example.com',
  ]);
  it('says what is wrong, with the value and an example', () => {
    assert.throws(() => domain('bad host;'), {
      message:
        '"bad host;" is not a public host name (letters, digits, hyphens and dots; no scheme, port or path), for example app.example.com',
    });
  });
  it('shows control characters and long input harmlessly', () => {
    assert.throws(() => domain(`\u001b[2J${'x'.repeat(500)}\u202e`), /^Error: "\\u001b\[2Jx{1,60}\.\.\." is not/);
  });
});

describe('domainList', () => {
  accepts(domainList, [
    ['', []],
    ['www.example.com, api.example.com', ['www.example.com', 'api.example.com']],
  ]);
  refuses(domainList, [
    'www.example.com,www.example.com',
    'www.example.com;',
    Array.from({ length: 21 }, (_, n) => `h${n}.example.com`).join(),
  ]);
});

describe('servedNameList', () => {
  accepts(servedNameList, [['*.Example.com, api.example.com', ['*.example.com', 'api.example.com']]]);
  refuses(servedNameList, [
    '*',
    '*.com',
    '*.*.example.com',
    'a*.example.com',
    '*.example.com,*.example.com',
    '*.-x.com',
  ]);
});

describe('slug', () => {
  accepts(slug, [
    ['comic-pile', 'comic-pile'],
    ['a', 'a'],
    ['x'.repeat(40), 'x'.repeat(40)],
  ]);
  refuses(slug, [
    '',
    'Comic',
    '1a',
    'a_b',
    'a--b',
    '-a',
    'a-',
    'a b',
    'x'.repeat(41),
    'null',
    'true',
    'no',
    'a/b',
    '..',
    'a"b',
    "a'b",
    'a\n',
  ]);
});

describe('role', () => {
  accepts(role, [
    ['comicpile', 'comicpile'],
    ['_x1', '_x1'],
  ]);
  refuses(role, [
    '',
    'postgres',
    'pg_monitor',
    'public',
    'none',
    'a-b',
    'A',
    '1a',
    'a;drop',
    'x'.repeat(51),
    'yes',
    'a\n',
    'é',
  ]);
});

describe('port', () => {
  accepts(port, [
    ['8000', 8000],
    ['1024', 1024],
    ['65535', 65535],
  ]);
  refuses(port, ['', '80', '1023', '65536', '08000x', '8e3', '-8000', '8000 ', '٨٠٠٠']);
});

describe('urlPath', () => {
  accepts(urlPath, [
    ['/health', '/health'],
    ['/api/v1/healthz/', '/api/v1/healthz/'],
  ]);
  refuses(urlPath, [
    '',
    'health',
    '/../x',
    '/./x',
    '/a b',
    '/a?b',
    '/a;b',
    '//a',
    '/$x',
    '/{x}',
    `/${'a'.repeat(100)}`,
    '/a\n',
  ]);
});

describe('asgiEntry', () => {
  accepts(asgiEntry, [
    ['main:app', 'main:app'],
    ['src.pkg.main:create_app', 'src.pkg.main:create_app'],
    ['a.b:app()', 'a.b:app()'],
  ]);
  refuses(asgiEntry, ['', 'main', 'main:', ':app', 'a/b:app', 'a.b:app(x)', 'a..b:app', '1a:app', 'a:b"', 'a:b\n']);
});

describe('rate', () => {
  accepts(rate, [
    ['10r/s', '10r/s'],
    ['30r/m', '30r/m'],
  ]);
  refuses(rate, ['', '10', '0r/s', '10r/h', '10 r/s', '100000r/s', '10r/s;', '1.5r/s']);
});

describe('size', () => {
  accepts(size, [
    ['10m', '10m'],
    ['512k', '512k'],
  ]);
  refuses(size, ['', '0m', '10', '10g', '10M', '10000m', '10m;']);
});

describe('optionalServer', () => {
  accepts(optionalServer, [
    ['', ''],
    ['smtp.example.com:587', 'smtp.example.com:587'],
    ['SMTP.Example.com:465', 'smtp.example.com:465'],
  ]);
  refuses(optionalServer, [
    'smtp.example.com',
    'smtp.example.com:0',
    'localhost:25',
    'a.example:65536',
    'a.example:25 x',
  ]);
});

describe('optionalEmail', () => {
  accepts(optionalEmail, [
    ['', ''],
    ['ops+tls@example.com', 'ops+tls@example.com'],
  ]);
  refuses(optionalEmail, [
    'ops',
    '@example.com',
    'ops@localhost',
    'o ps@example.com',
    '-x@example.com',
    'a..b@example.com',
    'a@b@example.com',
    'a"b@example.com',
    'ops@\u212a.example.com', // the Kelvin sign
  ]);
});

describe('oneOf', () => {
  accepts(oneOf('env', 'files'), [['files', 'files']]);
  refuses(oneOf('env', 'files'), ['', 'Env', 'env ']);
});
