import type { Endpoint } from '../answers/edgeValues.ts';
import type { Answers } from '../answers/questions.ts';
import type { Rate } from '../answers/values.ts';
import { claims } from '../policy/claims.ts';
import { edgeErrorCodes, edgeErrors } from '../policy/errors.ts';
import { type Header, securityHeaders } from '../policy/headers.ts';
import { type Limits, retryAfter } from '../policy/limits.ts';
import { anyWord, literal, wordEnd } from '../policy/patterns.ts';
import { ourPolicy, type Policy } from '../policy/policy.ts';
import { addressHeaders, cloudflareNetworks } from '../policy/proxies.ts';
import { tlsGuideline, tlsProfiles } from '../policy/tls.ts';

/** One `limit_req_zone`: what it is called, who counts against it besides its own requests, and how much. */
type Zone = {
  readonly name: string;
  /** In words, for people. */
  readonly what: string;
  readonly size: string;
  readonly rate: Rate;
  readonly burst: number;
  readonly retryAfter: number;
  /** Values of $rate_zone whose requests count here. */
  readonly counts: readonly string[];
};

const anyOf = (words: readonly string[]): string => words.join('|');

const zoneOf = (name: string, what: string, rate: Rate, burst: number, counts: readonly string[] = [name]): Zone => ({
  name,
  what,
  size: '10m',
  rate,
  burst,
  retryAfter: retryAfter(rate),
  counts,
});

// The longest first, so that the row of /api/upload is found before that of /api.
const specificFirst = (endpoints: readonly Endpoint[]): readonly Endpoint[] =>
  [...endpoints].sort((a, b) => b.path.length - a.path.length);

const buildEndpoints = (endpoints: readonly Endpoint[]) =>
  endpoints.map(({ path, body, timeout }) => ({
    pattern: `^${literal(path)}${wordEnd}`,
    hasBody: body !== undefined,
    body: body ?? '',
    hasTimeout: timeout !== undefined,
    timeout: timeout ?? '',
  }));

/** The zones of the rows that have a rate, each with what its requests look like. */
const endpointZones = (endpoints: readonly Endpoint[]) =>
  endpoints.flatMap(({ path, rate, burst, methods }, index) => {
    if (rate === undefined) return [];
    const zone = zoneOf(`endpoint_${index + 1}`, [...methods, path].join(' '), rate, burst);
    const method = methods.length === 0 ? '[A-Z]+' : `(?:${anyOf(methods)})`;
    return [{ zone: { ...zone, size: '1m' }, pattern: `~^${method} ${literal(path)}${wordEnd}` }];
  });

// As they come, by which a certificate authority asks for all names of a certificate at once.
const challenges = literal('.well-known/acme-challenge');

const buildLimits = (answers: Answers, endpoints: readonly Endpoint[], limits: Limits) => {
  const own = endpointZones(endpoints);
  const staticPaths = limits.staticPaths.map((path) => `/${path}/`).join(', ');
  return {
    zones: [
      zoneOf('api', 'all other paths, and logins', answers.rateLimit, limits.apiBurst, ['api', 'auth']),
      zoneOf('auth', 'login-like paths', answers.loginRateLimit, limits.authBurst),
      zoneOf(
        'static',
        `${staticPaths}, challenges of the certificate authority`,
        limits.staticRate,
        limits.staticBurst,
      ),
      ...own.map(({ zone }) => zone),
    ],
    // What "$request_method $uri" must look like; the first that fits decides. A folder of files may be called as a login is.
    matches: [
      ...own.map(({ zone, pattern }) => ({ zone: zone.name, pattern })),
      { zone: 'static', pattern: `~^(?:GET|HEAD) /(?:${anyOf([...limits.staticPaths, challenges])})/` },
      { zone: 'auth', pattern: `~*${anyWord(limits.authPaths)}` },
      { zone: 'auth', pattern: `~*(?s)^(?:PATCH|POST|PUT) .*${anyWord(limits.authFormPaths)}` },
    ],
    connections: limits.connections,
    streams: limits.streams,
    bodySize: answers.bodySize,
    exempt: answers.rateLimitExempt,
    hasExempt: answers.rateLimitExempt.length > 0,
    networkVariable: answers.rateLimitExempt.length > 0 ? 'client_network' : 'client',
    isDryRun: answers.rateLimitMode === 'dry-run',
    maintenanceRetryAfter: limits.maintenanceRetryAfter,
  };
};

/** `Content-Security-Policy` as nginx names a header in its variables. */
const headerVariable = (name: string): string => name.toLowerCase().replaceAll('-', '_');

/** How a header is printed: its value, or the variable of a map where that differs by port, by path or by the app's word. */
const printHeader = (header: Header) => {
  const { name, value, onDocs, fallback, tlsOnly } = header;
  const variable = headerVariable(name);
  return {
    ...header,
    printed: onDocs !== undefined || fallback || tlsOnly ? `$${variable}` : `"${value}"`,
    variable,
    hasDocs: onDocs !== undefined,
    docs: onDocs ?? '',
    // With both, the map by path feeds the map of the app's word.
    byPath: fallback ? `${variable}_by_path` : variable,
    own: onDocs !== undefined ? `$${variable}_by_path` : `"${value}"`,
  };
};

const buildHeaders = (answers: Answers, others: Policy['headers']) => {
  const headers = securityHeaders(answers, others).map(printHeader);
  return {
    headers,
    headersOfTls: headers.filter(({ tlsOnly }) => tlsOnly),
    /** The app's copies that nginx drops. */
    hiddenHeaders: headers.filter(({ fallback }) => !fallback),
    headersByPath: headers.filter(({ hasDocs }) => hasDocs),
    headersOfApp: headers.filter(({ fallback }) => fallback),
  };
};

const buildProxies = ({ behind, trustedProxies }: Answers) => ({
  exist: behind !== 'none',
  isLoadBalancer: behind === 'aws-alb',
  usesProxyProtocol: behind === 'proxy-protocol',
  header: addressHeaders[behind],
  hostVariable: behind === 'aws-alb' ? '$site_host' : '$host',
  listenSuffix: behind === 'proxy-protocol' ? ' proxy_protocol' : '',
  networks: behind === 'cloudflare' ? cloudflareNetworks : trustedProxies,
});

// A frontend that the image brings comes in a volume, which a one-shot service fills.
const buildFiles = ({ staticFiles, spa, apiPaths }: Answers, hasFrontend: boolean) => ({
  mounts: [
    { source: staticFiles, target: '/srv/static' },
    { source: spa, target: '/srv/spa' },
  ].filter(({ source }) => source !== ''),
  hasStatic: staticFiles !== '',
  static: staticFiles,
  hasSpa: spa !== '' || hasFrontend,
  hasFrontend,
  hasFolders: staticFiles !== '' || spa !== '' || hasFrontend,
  spa: spa === '' ? 'the frontend of the image' : `./${spa}`,
  // Without a folder for /static/ these are the app's own.
  appPaths: anyOf([...apiPaths.map((path) => literal(path).slice(1)), ...(staticFiles === '' ? ['static'] : [])]),
});

/** Everything that the edge's files print. */
export const buildEdge = (answers: Answers, policy: Policy = ourPolicy, hasFrontend = false) => {
  const profile = tlsProfiles[answers.tlsProfile];
  const endpoints = specificFirst(answers.endpoints);
  return {
    tls: {
      profile: answers.tlsProfile,
      guideline: tlsGuideline.version,
      guidelineDate: tlsGuideline.date,
      protocols: profile.protocols.join(' '),
      ciphers: profile.ciphers.join(':'),
      hasCiphers: profile.ciphers.length > 0,
    },
    ...buildHeaders(answers, policy.headers),
    hsts: { preloads: answers.hsts === 'full', isHostOnly: answers.hsts === 'host-only' },
    limits: buildLimits(answers, endpoints, policy.limits),
    endpoints: buildEndpoints(endpoints),
    hasEndpoints: endpoints.length > 0,
    proxies: buildProxies(answers),
    claims,
    edgeErrors: { codes: edgeErrorCodes.join(' '), named: edgeErrors },
    wordEnd,
    files: buildFiles(answers, hasFrontend),
    ipv6: { isOn: answers.ipv6 === 'on' },
    http3: { isOn: answers.http3 === 'on' },
    apiDocs: { areOpen: answers.apiDocs === 'open', areClosed: answers.apiDocs === 'closed' },
  };
};
