import { didYouMean } from '../base/similar.ts';

/** Text proved safe to print, unescaped, in every syntax that we emit: YAML, nginx, shell, SQL, TOML, Python, Markdown. */
export type Safe<Kind extends string> = string & { readonly kind: Kind };

/** Reads one raw answer; throws an `Error` whose message the user reads, with an example that is right. */
export type Parse<Value> = (raw: string) => Value;

// Plain YAML scalars that are not strings; our files print names unquoted.
export const yamlWords: ReadonlySet<string> = new Set([
  'true',
  'false',
  'null',
  'yes',
  'no',
  'on',
  'off',
  'y',
  'n',
  'nan',
  'inf',
]);

// Shown in messages: control characters and overlong input must not reach the user's terminal.
const shown = (raw: string) => {
  const text = JSON.stringify(raw).replace(
    /[^\x20-\x7e]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.length > 60 ? `${text.slice(0, 56)}..."` : text;
};

/** Ends a parse in the words that every refusal has: what was given, what is wrong, an example that is right. */
export const refuse = (raw: string, rule: string, example: string): never => {
  throw new Error(`${shown(raw)} ${rule}, for example ${example}`);
};

// ASCII only: in Unicode the Kelvin sign is a capital k, and a look-alike must not pass for a letter.
const lowerCase = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const isDomain = (text: string): boolean => {
  const labels = text.split('.');
  const last = labels.at(-1) ?? '';
  return text.length <= 253 && labels.length >= 2 && labels.every((part) => label.test(part)) && /^[a-z]/.test(last);
};

export type Domain = Safe<'domain'>;

/** A DNS host name of two labels or more, lower case; internationalised names in their xn-- form (RFC 5890). */
export const domain: Parse<Domain> = (raw) => {
  const text = lowerCase(raw.trim());
  if (!isDomain(text)) {
    refuse(
      raw,
      'is not a public host name (letters, digits, hyphens and dots; no scheme, port or path)',
      'app.example.com',
    );
  }
  return text as Domain;
};

const namesOf =
  (parse: Parse<Domain>): Parse<readonly Domain[]> =>
  (raw) => {
    const names = raw
      .split(/[\s,]+/)
      .filter(Boolean)
      .map((name) => parse(name));
    if (new Set(names).size !== names.length) refuse(raw, 'names a host twice', 'www.example.com,api.example.com');
    if (names.length > 20) refuse(raw, 'has more than 20 names', 'www.example.com,api.example.com');
    return names;
  };

/** Host names separated by commas or spaces; empty for none. At most 20: certificate and header sizes stay sane. */
export const domainList = namesOf(domain);

/** The same, and `*.example.com` for all names one level below, as nginx and certificates understand it (RFC 6125). */
export const servedNameList = namesOf((raw) =>
  raw.startsWith('*.') ? (`*.${domain(raw.slice(2))}` as Domain) : domain(raw),
);

export type Slug = Safe<'slug'>;

/** A name that is at once an image, a compose project and a Python distribution name (PEP 508). */
export const slug: Parse<Slug> = (raw) => {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(raw) || raw.length > 40) {
    refuse(raw, 'is not a name of lower-case letters, digits and single hyphens (at most 40)', 'comic-pile');
  }
  if (yamlWords.has(raw)) refuse(raw, 'means something else in YAML', 'comic-pile');
  return raw as Slug;
};

export type Role = Safe<'role'>;

/** A PostgreSQL role; short enough (50) that `<role>_owner` stays within PostgreSQL's 63 bytes. */
export const role: Parse<Role> = (raw) => {
  if (!/^[a-z_][a-z0-9_]*$/.test(raw) || raw.length > 50) {
    refuse(raw, 'is not a role name of lower-case letters, digits and underscores (at most 50)', 'comicpile');
  }
  if (/^pg_|^(?:postgres|public|none)$/.test(raw)) refuse(raw, 'is reserved by PostgreSQL', 'comicpile');
  if (yamlWords.has(raw)) refuse(raw, 'means something else in YAML', 'comicpile');
  return raw as Role;
};

/** A TCP port that a process without privileges may open. */
export const port: Parse<number> = (raw) => {
  const number = /^[0-9]{4,5}$/.test(raw) ? Number(raw) : 0;
  if (number < 1024 || number > 65535) refuse(raw, 'is not a port from 1024 to 65535', '8000');
  return number;
};

export type UrlPath = Safe<'path'>;

/** An absolute URL path without query, dot segments or characters that need escaping. */
export const urlPath: Parse<UrlPath> = (raw) => {
  if (!/^(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+\/?$/.test(raw) || raw.length > 100) {
    refuse(raw, 'is not a plain absolute path', '/health');
  }
  return raw as UrlPath;
};

/** The same, or nothing for `none`: the app has no such path. */
export const healthPath: Parse<UrlPath | ''> = (raw) => (raw === 'none' ? '' : urlPath(raw));

export type AsgiEntry = Safe<'asgi'>;

/** `module.path:attribute`, as uvicorn takes it; with `()` behind a factory, as gunicorn does. */
export const asgiEntry: Parse<AsgiEntry> = (raw) => {
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(?:\(\))?$/.test(raw) || raw.length > 200) {
    refuse(raw, 'is not an ASGI entry (module:attribute)', 'app.main:app');
  }
  return raw as AsgiEntry;
};

export type Rate = Safe<'rate'>;

/** Requests per second or minute, in nginx's notation. */
export const rate: Parse<Rate> = (raw) => {
  if (!/^[1-9][0-9]{0,4}r\/[sm]$/.test(raw))
    refuse(raw, 'is not a rate in requests per second or minute', '10r/s or 30r/m');
  return raw as Rate;
};

export type Size = Safe<'size'>;

/** A body size in nginx's notation: kilobytes or megabytes. */
export const size: Parse<Size> = (raw) => {
  if (!/^[1-9][0-9]{0,3}[km]$/.test(raw)) refuse(raw, 'is not a size in kilobytes or megabytes', '10m or 512k');
  return raw as Size;
};

export type Email = Safe<'email'>;

/** A plain mailbox, or nothing. */
export const optionalEmail: Parse<Email | ''> = (raw) => {
  if (raw === '') return '';
  const [, host = ''] = /^[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,62}[A-Za-z0-9])?@(.+)$/.exec(raw) ?? [];
  if (raw.includes('..') || !isDomain(lowerCase(host))) refuse(raw, 'is not an e-mail address', 'ops@example.com');
  return raw as Email;
};

export type ReportContact = Safe<'reportContact'>;

/** Where vulnerabilities are reported, as a URI (RFC 9116, 2.5.3): mailto: of an address, or https:. Or nowhere. */
export const reportContact: Parse<ReportContact | ''> = (raw) => {
  if (raw === '') return '';
  const [, host = '', path = ''] = /^https:\/\/([^/?#@:]+)((?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*\/?)$/.exec(raw) ?? [];
  if (isDomain(lowerCase(host)) && raw.length <= 200 && !path.includes('..')) return raw as ReportContact;
  try {
    return `mailto:${optionalEmail(raw)}` as ReportContact;
  } catch {
    return refuse(raw, 'is neither an e-mail address nor an https:// address of plain words', 'security@example.com');
  }
};

/** A day of the calendar, or one that the run chooses: empty and `renew` (src/answers/expiry.ts). */
export const expiryDay: Parse<string> = (raw) => {
  if (raw === '' || raw === 'renew') return '';
  const isDay = /^20[0-9]{2}-[0-9]{2}-[0-9]{2}$/.test(raw) && !Number.isNaN(Date.parse(raw));
  return isDay && new Date(raw).toISOString().startsWith(raw) ? raw : refuse(raw, 'is no day', '2027-01-31');
};

export type Server = Safe<'server'>;

/** A public host name with a port, or nothing. */
export const optionalServer: Parse<Server | ''> = (raw) => {
  if (raw === '') return '';
  const [, host = '', number = ''] = /^([^:]+):([1-9][0-9]{0,4})$/.exec(lowerCase(raw)) ?? [];
  if (!isDomain(host) || Number(number) > 65535) refuse(raw, 'is not a host name with a port', 'smtp.example.com:587');
  return lowerCase(raw) as Server;
};

/** A whole number from `least` to `most`. */
export const whole =
  (least: number, most: number, example: string): Parse<number> =>
  (raw) => {
    const number = /^(?:0|[1-9][0-9]{0,8})$/.test(raw) ? Number(raw) : Number.NaN;
    return number >= least && number <= most
      ? number
      : refuse(raw, `is not a number from ${least} to ${most}`, example);
  };

export type PackName = Safe<'pack'>;

/**
 * Packs of templates, separated by commas or spaces: npm packages by name, or folders of the project, or beside it, by a relative
 * path with a dot at its start; empty for none, at most 10, each once.
 */
export const packList: Parse<readonly PackName[]> = (raw) => {
  const names = raw.split(/[\s,]+/).filter(Boolean);
  const example = '@acme/comicpile-pack,./tools/pack';
  const isPackage = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;
  const isFolder = /^\.{1,2}(?:\/\.\.)*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
  for (const name of names) {
    if (name.length > 214 || !(isPackage.test(name) || isFolder.test(name))) {
      refuse(name, 'is neither the name of an npm package nor a relative path with a dot at its start', example);
    }
  }
  if (names.length > 10 || new Set(names).size !== names.length) {
    refuse(raw, 'has more than 10 packs, or one of them twice', example);
  }
  return names as unknown as readonly PackName[];
};

const refuseChoice = (raw: string, choices: readonly string[]): never => {
  const meant = didYouMean(raw, choices);
  const rule = `is not one of ${choices.join(', ')}`;
  if (meant === '') return refuse(raw, rule, choices[0] ?? '');
  throw new Error(`${shown(raw)} ${rule}.${meant}`);
};

/** One of a fixed set of words. */
export const oneOf =
  <const Choice extends string>(...choices: Choice[]): Parse<Choice> =>
  (raw) =>
    choices.find((choice) => choice === raw) ?? refuseChoice(raw, choices);
