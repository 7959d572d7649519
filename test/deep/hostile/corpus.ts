import fc from 'fast-check';
import { type Question, type QuestionKey, questions } from '../../../src/answers/questions.ts';

/** Pieces that mean something to a shell, YAML, nginx, SQL, TOML, Python, Markdown, EJS, a terminal or a file system. */
const pieces = [
  [...'\'"`\\$%#;:&|!?*~^@=+,.<>()[]{}/-_ \t\n\r\0\u0007\u001b\u007f'],
  ['\r\n', '\n\n', '\nEOF\n', '; return 200', '} server {', "'; DROP TABLE x; --", '" OR 1=1', ': ', ' #', '- '],
  ['<%- secrets.SECRET_KEY %>', '<% } %>', '%>', '{{x}}', '{%x%}', '\u001b[2J', '\u001b]0;x\u0007', 'for example '],
  '${IFS} ${HOME} $(id) `id` $$ %s %00 %0a ;} """ \'\'\' ../ /.. /../../etc/passwd // ./ .git C:\\ && || >> <<EOF'.split(
    ' ',
  ),
  'https:// *. :443 xn-- @ r/s r/m k m _owner pg_ a z A 0 9 00 () detect none worker: =url =literal: /16 -A'.split(' '),
  // Look-alikes (Cyrillic, full-width, Kelvin, dotted I, long s), then bidi, zero width, white space, halves, digits.
  [...'\u0430\u0435\u043e\uff41\uff0e\u3002\u212a\u0130\u017f\u00df\u00e9\u0301'],
  [...'\u202e\u2066\u200b\u200d\ufeff\u00a0\u2028\u2029\u0085\u{1f4a5}\u0660', '\ud800'],
].flat();

/** Words that a YAML 1.1 or 1.2 reader, PostgreSQL or JavaScript takes for something else, and near misses of each kind. */
const words = [
  `null Null ~ true True false yes Yes no NO on off y n nan .nan inf .inf -.inf 1e3 0x10 0o17 0b1 017 1_000 12:30:45
  2001-01-01 1.5 -1 +1 << = --- ... &a *a !!str | > @ \` ? - : [] {} "" '' # postgres public none template0 pg_monitor
  user select current_user __proto__ constructor localhost 127.0.0.1 [::1] 1.2.3.4 a.b 1.e5 app existing new env files
  0 80 1023 1024 65535 65536 99999 08000 8e3 1000000000000000000000 NaN Infinity / // /health /health/ /api /.. /.
  /%2e%2e/ 0r/s 1r/s 10r/h 0m 1m 10g 10M
  detect none . ./ .. ../x a/../b -A a/-b PATH LD_PRELOAD PYTHONPATH A=url A=url,A=host A=url:$x A=literal: A=host:x
  A=url/16 A=host/1 worker: worker:a;worker:$(id) a:b() a:b(1) app,./app,app/ 'a\\ b'
  10.0.0.5 10.0.0.5:0 10.0.0.5:022 10.0.0.5:65536 10.0.0.1/8:22 0.0.0.0/0:22 fd00::5:443 [10.0.0.5]:22`.split(/\s+/),
  ['', ' ', '\n', ',', `${'a'.repeat(63)}.example`, `${'a'.repeat(64)}.example`, `${'a.'.repeat(123)}example`],
].flat();

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const from = (first: string, more: string, max: number, min = 0) =>
  fc
    .tuple(fc.constantFrom(...first), fc.string({ unit: fc.constantFrom(...more), minLength: min, maxLength: max - 1 }))
    .map(([head, tail]) => head + tail);

const label = fc
  .oneof(...[20, 20, 64].map((max) => from(lower + digits, `${lower}${digits}-`, max)))
  .map((text) => text.replace(/-+$/, '0'));
const host = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 4 }), from(lower, lower, 6))
  .map(([labels, top]) => [...labels, top].join('.'));
const hosts = (minLength: number, maxLength: number) => fc.array(host, { minLength, maxLength, size: 'max' });
const module = from(`${lower}_`, `${lower.toUpperCase()}${lower}${digits}_`, 12);
const count = (max: number) => fc.integer({ min: 1, max });

const otherHosts = fc
  .tuple(fc.oneof(hosts(0, 20), hosts(0, 5), hosts(18, 23)), fc.constantFrom(',', ', ', ' '))
  .map(([names, gap]) => names.join(gap));

const servedHosts = fc.oneof(
  otherHosts,
  otherHosts.map((names) => names.replace(/^/, '*.')),
  otherHosts.map((names) => `${names}, *.*`),
);

// One row's cells, by name; the path always, a rate wherever a burst or methods need it.
const cells = fc
  .tuple(
    fc.tuple(from(lower, `${lower}${digits}_.-`, 8), fc.nat({ max: 99 })).map(([word, n]) => `path=/${word}${n}`),
    count(999).map((n) => `rate=${n}r/m`),
    fc.subarray(['burst=3', 'burst=0', 'methods=POST,PUT', 'methods=GET', 'body=50m', 'timeout=300s'], {
      maxLength: 2,
    }),
  )
  .map(([path, rate, more]) => [path, rate, ...more].join(' '));
const sources = fc.subarray(
  ["'self'", 'data:', 'https:', '*', '*.example.com', 'https://a.example:8443/x', 'wss://b.example'],
  {
    minLength: 1,
  },
);
const directive = fc
  .tuple(fc.constantFrom('img-src', 'script-src', 'style-src', 'connect-src', 'frame-ancestors'), sources)
  .map(([name, words]) => `${name} ${words.join(' ')}`);
const byte = fc.nat({ max: 255 });
const network = fc.oneof(
  fc.tuple(byte, byte).map(([a, b]) => `${a}.${b}.0.0/16`),
  fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.')),
  fc.tuple(count(65535), count(65535)).map(([a, b]) => `${a.toString(16)}:${b.toString(16)}::/32`),
);
const networks = fc
  .tuple(fc.array(network, { maxLength: 6 }), fc.constantFrom(',', ', ', ' '))
  .map(([all, gap]) => all.join(gap));
const destination = fc
  .tuple(network, count(65535))
  .map(([where, port]) => (where.includes(':') ? `[${where}]:${port}` : `${where}:${port}`));
const destinations = fc
  .tuple(fc.array(destination, { maxLength: 6 }), fc.constantFrom(',', ', ', ' '))
  .map(([all, gap]) => all.join(gap));
const folder = fc
  .array(from(lower + digits, `${lower}${digits}_.-`, 10), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));

const bigLetters = lower.toUpperCase();
const variable = from(`${bigLetters}_`, `${bigLetters}${lower}${digits}_`, 20);
const plainWord = from(lower + digits, `${lower}${digits}_.+-`, 12);
const joined = <Value>(one: fc.Arbitrary<Value>, max: number, gaps: readonly string[] = [',', ', ', ' ']) =>
  fc
    .tuple(fc.array(one, { minLength: 1, maxLength: max }), fc.constantFrom(...gaps))
    .map(([all, gap]) => all.join(gap));
const detectOr = (made: fc.Arbitrary<string>, ...also: readonly string[]) =>
  fc.oneof({ weight: 12, arbitrary: made }, { weight: 1, arbitrary: fc.constantFrom('detect', ...also) });
const projectFolder = fc
  .array(
    from(lower + digits, `${lower}${digits}_.-`, 10).map((part) => part.replace(/\.$/, '0')),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((parts) => parts.join('/'));
const databaseRow = fc
  .tuple(
    variable,
    fc.oneof(
      fc.constantFrom('url', 'url:postgres', 'url:postgresql+psycopg2', 'host', 'port', 'name', 'user'),
      fc.constantFrom('password', 'credentials'),
      plainWord.map((text) => `literal:${text}`),
    ),
  )
  .map((parts) => parts.join('='));
const queueRow = fc
  .tuple(variable, fc.constantFrom('url', 'url/3', 'host', 'port', 'database', 'database/15', 'user', 'password'))
  .map((parts) => parts.join('='));
const commandWord = fc.oneof(
  plainWord,
  fc.constantFrom('celery', '-A', '--app', 'worker', 'beat', '-Q', 'a,b', '--x=y', '@z', '50%', 'a:b', '/tmp/x'),
);
const workerRow = fc
  .tuple(fc.constantFrom('worker: ', 'scheduler:', ' worker :\t'), joined(commandWord, 6, [' ', '  ']))
  .map((parts) => parts.join(''));

const mailbox = fc
  .tuple(from(lower + digits, `${lower}${digits}_`, 20), fc.constantFrom('@', '.x@', '+tls@'), host)
  .map((parts) => parts.join(''));

/** Values that the question is there for, written without a look at its `parse`. */
const valid: Partial<Record<QuestionKey, fc.Arbitrary<string>>> = {
  domain: fc
    .tuple(fc.constantFrom('', ' ', '\t'), host, fc.boolean())
    .map(([pad, text, up]) => pad + (up ? text.toUpperCase() : text)),
  appName: fc.array(from(lower, lower + digits, 8), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('-')),
  dbUser: from(`${lower}_`, `${lower}${digits}_`, 50),
  appEntry: fc
    .tuple(fc.array(module, { minLength: 1, maxLength: 4 }), module)
    .map(([path, name]) => `${path.join('.')}:${name}`)
    .chain((entry) => fc.constantFrom(entry, entry, `${entry}()`)),
  appPort: fc.integer({ min: 1024, max: 65535 }).map(String),
  healthPath: fc
    .tuple(
      fc.array(from(lower + digits, `${lower}${digits}_.-`, 12), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', '/'),
    )
    .map(([parts, end]) => `/${parts.join('/')}${end}`),
  appRoot: detectOr(projectFolder, '.', './'),
  pythonPath: detectOr(projectFolder, '.', './src/'),
  imageFiles: detectOr(joined(projectFolder, 6)),
  databaseVariables: detectOr(joined(databaseRow, 5), 'none'),
  workers: detectOr(joined(workerRow, 3, [';', '; ']), 'none'),
  queueVariables: detectOr(joined(queueRow, 4), 'none'),
  frontend: detectOr(projectFolder, '.', 'none'),
  secretKeyVariables: detectOr(joined(variable, 4), 'none'),
  requiredVariables: detectOr(joined(variable, 6), 'none'),
  rateLimit: fc.tuple(count(99999), fc.constantFrom('s', 'm')).map(([n, unit]) => `${n}r/${unit}`),
  bodySize: fc.tuple(count(9999), fc.constantFrom('k', 'm')).map(([n, unit]) => `${n}${unit}`),
  serverNames: servedHosts,
  redirectNames: otherHosts,
  egressAllow: destinations,
  rateLimitExempt: networks,
  trustedProxies: networks,
  staticFiles: folder,
  spa: folder,
  apiPaths: fc
    .array(
      folder.map((path) => `/${path}`),
      { minLength: 1, maxLength: 4 },
    )
    .map((paths) => paths.join(',')),
  endpoints: fc.array(cells, { maxLength: 5 }).map((rows) => rows.join('; ')),
  cspPolicy: fc.array(directive, { maxLength: 4 }).map((parts) => ["default-src 'none'", ...parts].join('; ')),
  packs: fc
    .array(
      fc.oneof(
        from(lower, `${lower}${digits}-`, 12),
        folder.map((path) => `./${path}`),
        host.map((name) => `@a/${name}`),
      ),
      {
        maxLength: 5,
      },
    )
    .map((names) => names.join(',')),
  certEmail: mailbox,
  alertEmail: mailbox,
  smtpServer: fc.tuple(host, count(65535)).map((parts) => parts.join(':')),
  securityContact: fc
    .tuple(fc.boolean(), from(lower + digits, `${lower}${digits}_`, 20), host)
    .map(([isMail, word, name]) => (isMail ? `${word}@${name}` : `https://${name}/${word}`)),
  securityTxtExpires: fc
    .tuple(count(60), count(12), count(31))
    .map(([year, month, day]) => `20${2 * year + 10}-${`${month}`.padStart(2, '0')}-${`${day}`.padStart(2, '0')}`),
};

const validOf = (key: QuestionKey): fc.Arbitrary<string> => {
  const { choices }: Question = questions[key];
  const made = valid[key === 'loginRateLimit' ? 'rateLimit' : key];
  return choices === undefined && made !== undefined ? made : fc.constantFrom(...(choices ?? []));
};

const piece = fc.constantFrom(...pieces);
const place = fc.nat({ max: 300 });

/** One piece put in, one character taken out or exchanged: the near misses. */
const mutated = (good: fc.Arbitrary<string>) =>
  fc.tuple(good, place, piece, fc.nat({ max: 2 })).map(([text, where, put, cut]) => {
    const at = where % (text.length + 1);
    return text.slice(0, at) + (cut === 2 ? '' : put) + text.slice(at + Math.min(cut, 1));
  });

const padded = (good: fc.Arbitrary<string>) => fc.tuple(piece, good, piece).map((parts) => parts.join(''));
const overlong = (good: fc.Arbitrary<string>) =>
  fc.tuple(good, fc.constantFrom(2, 8, 64, 300)).map(([text, times]) => (text === '' ? 'a' : text).repeat(times));

/** What a question may be answered with, the nasty before the nice. */
export const hostile = (key: QuestionKey): fc.Arbitrary<string> => {
  const good = validOf(key);
  return fc.oneof(
    { weight: 5, arbitrary: good },
    { weight: 6, arbitrary: mutated(good) },
    { weight: 1, arbitrary: padded(good) },
    { weight: 1, arbitrary: overlong(good) },
    { weight: 2, arbitrary: fc.constantFrom(...words) },
    { weight: 3, arbitrary: fc.array(piece, { maxLength: 5 }).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  );
};
