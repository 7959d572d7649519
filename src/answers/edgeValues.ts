import {
  isDomain,
  type Parse,
  type Rate,
  rate,
  refuse,
  type Safe,
  type Size,
  size,
  type UrlPath,
  urlPath,
} from './values.ts';

const items = (raw: string): string[] => raw.split(/[\s,]+/).filter(Boolean);

export type Network = Safe<'network'>;

const groupsOf = (half: string | undefined): string[] => (half ? half.split(':') : []);

/** An address as one number; `undefined` where it is none, or an IPv6 one with IPv4 digits in it. */
const numberOf = (address: string): { readonly value: bigint; readonly bits: number } | undefined => {
  // Loaded here: hardly a run has an address to look at.
  const { isIPv4, isIPv6 } = process.getBuiltinModule('node:net');
  if (isIPv4(address)) {
    const value = address.split('.').reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    return { value, bits: 32 };
  }
  if (!isIPv6(address) || !/^[0-9a-f:]+$/.test(address)) return undefined;
  const [head, tail] = address.split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  const value = [...before, ...zeros, ...after].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
  return { value, bits: 128 };
};

/**
 * One network in CIDR notation (RFC 4632, RFC 4291), or a single address. At least 8 (IPv6: 16) bits are fixed, and
 * nothing below them is set: nginx would warn of it, and it may be a typing error. The example is that of the question.
 */
export const networkOf = (raw: string, example: string): Network => {
  const [address = '', length] = raw.split('/', 2);
  const number = numberOf(address);
  const fixed = length === undefined ? number?.bits : /^[1-9][0-9]{0,2}$/.test(length) ? Number(length) : 0;
  if (number === undefined || fixed === undefined || raw.split('/').length > 2 || fixed > number.bits) {
    return refuse(raw, 'is not a network in CIDR notation', example);
  }
  if (fixed < number.bits / 8 + (number.bits === 32 ? 4 : 0)) {
    return refuse(raw, 'is too wide to be trusted (at least /8, for IPv6 /16)', example);
  }
  if (number.value % 2n ** BigInt(number.bits - fixed) !== 0n) {
    return refuse(raw, `has bits set after the first ${fixed}`, example);
  }
  return `${address}/${fixed}` as Network;
};

const network: Parse<Network> = (raw) => networkOf(raw, '10.0.0.0/8');

/** Networks separated by commas or spaces; empty for none, at most 100. */
export const networkList: Parse<readonly Network[]> = (raw) => {
  const networks = items(raw.toLowerCase()).map(network);
  if (new Set(networks).size !== networks.length) refuse(raw, 'names a network twice', '10.0.0.0/8,2001:db8::/32');
  if (networks.length > 100) refuse(raw, 'has more than 100 networks', '10.0.0.0/8,2001:db8::/32');
  return networks;
};

export type Folder = Safe<'folder'>;

// Ours: one of these, published as files, would publish what must stay private.
const privateFolders = new Set(['backups', 'db', 'migrations', 'nginx', 'scripts', 'secrets', 'ssl']);

/** A folder of the project, as a plain relative path that names no hidden folder; empty for none. */
export const optionalFolder: Parse<Folder | ''> = (raw) => {
  if (raw === '') return '';
  const text = raw.replace(/^\.\//, '').replace(/\/$/, '');
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/.test(text) || text.length > 100) {
    refuse(raw, 'is not a plain relative path of a folder', 'frontend/dist');
  }
  if (privateFolders.has(text.split('/')[0] ?? '')) refuse(raw, 'must never be published', 'frontend/dist');
  return text as Folder;
};

/** URL prefixes separated by commas or spaces, without a slash at their end; at least one, at most 20. */
export const pathList: Parse<readonly UrlPath[]> = (raw) => {
  const paths = items(raw).map((path) => urlPath(path.replace(/(.)\/$/, '$1')));
  if (paths.length === 0 || paths.length > 20 || new Set(paths).size !== paths.length) {
    refuse(raw, 'is not a list of 1 to 20 different paths', '/api,/auth');
  }
  return paths;
};

export type Policy = Safe<'policy'>;

// https://www.w3.org/TR/CSP3/#csp-directives and https://www.w3.org/TR/upgrade-insecure-requests/
const directives = new Set(
  'base-uri child-src connect-src default-src font-src form-action frame-ancestors frame-src img-src manifest-src media-src object-src script-src script-src-attr script-src-elem style-src style-src-attr style-src-elem upgrade-insecure-requests worker-src'.split(
    ' ',
  ),
);
const keyword =
  /^'(?:none|self|unsafe-inline|unsafe-eval|wasm-unsafe-eval|unsafe-hashes|strict-dynamic|report-sample|sha(?:256|384|512)-[A-Za-z0-9+/]{43,88}={0,2})'$/;
const scheme = /^(?:https?|wss?|data|blob|mediastream|filesystem):$/;
const isHostSource = (text: string): boolean => {
  const [, host = ''] =
    /^(?:(?:https?|wss?):\/\/)?(?:\*\.)?([a-z0-9.-]+)(?::(?:[1-9][0-9]{0,4}|\*))?(?:\/[A-Za-z0-9_./-]*)?$/.exec(text) ??
    [];
  return isDomain(host);
};

/** A whole Content-Security-Policy of known directives and sources, one `; ` between directives; empty for none. */
export const optionalPolicy: Parse<Policy | ''> = (raw) => {
  if (raw === '') return '';
  const example = "default-src 'self'; img-src 'self' https://images.example.com";
  const parts = raw.split(';').map((part) => part.split(/[ \t]+/).filter(Boolean));
  const written = parts.filter((words) => words.length > 0);
  const names = written.map(([name = '']) => name);
  const isKnown = ([name = '', ...sources]: string[]) =>
    directives.has(name) &&
    sources.length > 0 === (name !== 'upgrade-insecure-requests') &&
    sources.every((source) => keyword.test(source) || scheme.test(source) || source === '*' || isHostSource(source));
  if (raw.length > 1500 || !written.every(isKnown)) {
    refuse(raw, 'has a directive or source that is not known, or is longer than 1500 characters', example);
  }
  if (new Set(names).size !== names.length) refuse(raw, 'has a directive twice', example);
  if (!names.includes('default-src')) refuse(raw, 'has no default-src', example);
  return written.map((words) => words.join(' ')).join('; ') as Policy;
};

type Seconds = Safe<'seconds'>;
type Methods = Safe<'methods'>;

/** What one path, and all below it, may do other than the rest of the site. */
export type Endpoint = {
  readonly path: UrlPath;
  readonly rate?: Rate;
  readonly burst: number;
  readonly methods: readonly Methods[];
  readonly body?: Size;
  readonly timeout?: Seconds;
};

const endpointExample = 'path=/upload rate=2r/s burst=5 methods=POST,PUT body=50m timeout=300s';
const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const endpointKeys = ['path', 'rate', 'burst', 'methods', 'body', 'timeout'];

// In a row the example of the whole row helps more than that of the cell.
const cell = <Value>(raw: string, name: string, parse: Parse<Value>, text: string): Value => {
  try {
    return parse(text);
  } catch {
    return refuse(raw, `has a ${name} that cannot be read`, endpointExample);
  }
};

const endpoint = (raw: string): Endpoint => {
  const cells = raw
    .split(/\s+/)
    .filter(Boolean)
    .map((cell) => cell.split('='));
  const row = Object.fromEntries(cells) as Record<string, string | undefined>;
  const isRead = cells.every((cell) => cell.length === 2 && endpointKeys.includes(cell[0] ?? ''));
  if (!isRead || Object.keys(row).length !== cells.length) {
    refuse(raw, `is not a row of ${endpointKeys.join(', ')}, each once`, endpointExample);
  }
  const { path = '', burst, methods, body, timeout } = row;
  const limited = row.rate !== undefined;
  if (!limited && (burst !== undefined || methods !== undefined)) {
    refuse(raw, 'has a burst or methods but no rate', endpointExample);
  }
  if (!limited && body === undefined && timeout === undefined) refuse(raw, 'changes nothing', endpointExample);
  if (burst !== undefined && !/^(?:0|[1-9][0-9]{0,3})$/.test(burst)) {
    refuse(raw, 'has a burst that is not a number from 0 to 9999', endpointExample);
  }
  const listed = methods?.split(',') ?? [];
  if (listed.some((method) => !knownMethods.includes(method)) || new Set(listed).size !== listed.length) {
    refuse(raw, `has methods other than ${knownMethods.join(', ')}`, endpointExample);
  }
  if (timeout !== undefined && !/^[1-9][0-9]{0,3}s$/.test(timeout)) {
    refuse(raw, 'has a timeout that is not in seconds', endpointExample);
  }
  return {
    path: cell(raw, 'path', urlPath, path.replace(/(.)\/$/, '$1')),
    burst: Number(burst ?? 0),
    methods: listed as unknown as readonly Methods[],
    ...(row.rate === undefined ? {} : { rate: cell(raw, 'rate', rate, row.rate) }),
    ...(body === undefined ? {} : { body: cell(raw, 'body', size, body) }),
    ...(timeout === undefined ? {} : { timeout: timeout as Seconds }),
  };
};

/** Rows separated by semicolons, each `path=/upload rate=2r/s …`; empty for none, at most 50, each path once. */
export const endpointList: Parse<readonly Endpoint[]> = (raw) => {
  const rows = raw
    .split(';')
    .filter((part) => part.trim() !== '')
    .map(endpoint);
  if (new Set(rows.map(({ path }) => path)).size !== rows.length) refuse(raw, 'has a path twice', endpointExample);
  if (rows.length > 50) refuse(raw, 'has more than 50 rows', endpointExample);
  return rows;
};
