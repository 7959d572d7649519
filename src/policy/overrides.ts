import { type Parse, rate, refuse, whole } from '../answers/values.ts';
import { isMap } from '../base/files.ts';
import { securityHeaders } from './headers.ts';
import { type ImageName, imageNames, type Policy } from './policy.ts';

/** Policy as data: `.comicpile/policy.json`, and `policy` in the manifest of a pack (schemas/policy.schema.json). */
export type PolicyData = { readonly [section: string]: unknown };

const count = (least: number, most: number): Parse<number> => whole(least, most, String(Math.max(least, 1)));

/** Path segments, for a regular expression of nginx. */
const segments: Parse<readonly string[]> = (raw) => {
  const all = raw.split(',');
  if (!all.every((segment) => /^[a-z0-9][a-z0-9_-]{0,40}$/.test(segment)) || all.length > 50) {
    refuse(raw, 'is not a list of 1 to 50 path segments in lower case', 'login,token');
  }
  return all;
};

/** An image of one version: with `latest`, or none, nobody knows what runs. */
const image: Parse<string> = (raw) => {
  const form =
    /^(?:[a-z0-9][a-z0-9.-]*(?::[0-9]{2,5})?\/)?[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*:(?!latest\b)\w[\w.-]{0,127}(?:@sha256:[0-9a-f]{64})?$/;
  if (!form.test(raw) || raw.length > 300) {
    refuse(raw, 'is not an image with a version', 'registry.example.com/library/nginx-unprivileged:1.30-alpine');
  }
  return raw;
};

// Printed between double quotes for nginx and between backticks in Markdown.
const headerValue: Parse<string> = (raw) => {
  if (!/^[A-Za-z0-9 !#%&'()*+,./:;=?@^_~-]{1,1000}$/.test(raw) || raw.trim() !== raw) {
    refuse(raw, 'is not the value of a header that we can print', 'noindex, nofollow');
  }
  return raw;
};
const reason: Parse<string> = (raw) => {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9 ,.()'/-]{0,118}[A-Za-z0-9)])?$/.test(raw)) {
    refuse(raw, 'is not a line of plain words (at most 120)', 'Search engines do not list these pages');
  }
  return raw;
};

const numbersAndLists = {
  limits: {
    apiBurst: count(0, 9999),
    authBurst: count(0, 9999),
    staticRate: rate,
    staticBurst: count(0, 9999),
    staticPaths: segments,
    connections: count(1, 65535),
    streams: count(1, 1024),
    authPaths: segments,
    authFormPaths: segments,
    maintenanceRetryAfter: count(1, 86400),
  },
  // Not `overlap`: the scripts start as many containers again, and no more.
  connections: {
    replicas: count(1, 20),
    poolSize: count(1, 100),
    maxOverflow: count(0, 100),
    appSpare: count(1, 100),
    owner: count(2, 20),
    scripts: count(2, 20),
    monitoring: count(0, 50),
  },
  // PostgreSQL's own meaning of 0 is no limit: not here.
  roleLimits: {
    statementSeconds: count(1, 86400),
    transactionSeconds: count(1, 604800),
    lockSeconds: count(1, 3600),
    idleInTransactionSeconds: count(1, 86400),
    tempFileMegabytes: count(1, 1048576),
  },
  recovery: { archiveTimeout: count(10, 3600), basesKept: count(1, 100) },
  images: Object.fromEntries(imageNames.map((name) => [name, image])) as Record<ImageName, Parse<string>>,
} as const;

const ours: readonly string[] = securityHeaders({
  hsts: 'full',
  xssProtection: 'block',
  csp: 'api',
  cspPolicy: '' as const,
  apiDocs: 'closed',
}).map(({ name }) => name);

// RFC 9110 5.1: a header is the same in any case, and nginx would send it once for each.
const same = (names: readonly string[], name: string): string | undefined =>
  names.find((one) => one.toLowerCase() === name.toLowerCase());

/** Headers that an answer decides, or that carry one request's own value. */
const notHere: Readonly<Record<string, string>> = {
  'Strict-Transport-Security': 'is the answer hsts',
  'X-XSS-Protection': 'is the answer xssProtection',
  'Content-Security-Policy': 'is the answer csp, and cspPolicy',
};
const ofRequests =
  /^(?:age|alt-svc|cache-control|connection|content-(?:encoding|length|range|type)|date|etag|expires|last-modified|location|retry-after|server|set-cookie|trailer|transfer-encoding|upgrade|vary|x-request-id)$/i;

type Say = (path: string, problem: string) => void;

const attempt = <Value>(path: string, parse: Parse<Value>, value: unknown, say: Say): Value | undefined => {
  try {
    // A list is its items with commas between, as in an answer.
    return parse(String(value));
  } catch (error) {
    say(path, (error as Error).message);
    return undefined;
  }
};

const headersOf = (
  given: Readonly<Record<string, unknown>>,
  former: Policy['headers'],
  say: Say,
): Policy['headers'] => {
  const known = [...ours, ...Object.keys(former)];
  const rows = Object.entries(given).map(([spelt, row], index, all) => {
    const path = `headers.${spelt}`;
    const name = same(known, spelt) ?? spelt;
    const { value, why } = isMap(row) ? row : {};
    const twice = same(
      all.slice(0, index).map(([other]) => other),
      spelt,
    );
    if (twice !== undefined) say(path, `is the same header as ${twice}`);
    if (Object.hasOwn(notHere, name)) say(path, notHere[name] ?? '');
    else if (!/^[A-Z][A-Za-z0-9-]{0,60}$/.test(name) || ofRequests.test(name)) {
      say(path, 'is not a header that is the same for every response, for example X-Robots-Tag');
    }
    if (why === undefined && same(known, name) === undefined)
      say(path, 'is new and needs a `why`, which SECURITY.md shows');
    return [
      name,
      {
        value: attempt(`${path}.value`, headerValue, value, say) ?? '',
        ...(why === undefined ? {} : { why: attempt(`${path}.why`, reason, why, say) ?? '' }),
      },
    ] as const;
  });
  return Object.fromEntries(rows);
};

/**
 * The policy with these values in it, each read by the type that it has in ours. What cannot be read is said with its path, and
 * left as it was.
 */
export const overridden = (policy: Policy, data: PolicyData, say: Say): Policy => {
  const next: Record<string, unknown> = { ...policy };
  for (const [section, values] of Object.entries(data)) {
    if (section === '$schema') continue;
    if (!isMap(values) || !Object.hasOwn(next, section)) {
      say(section, `is no section of the policy; there are ${Object.keys(policy).join(', ')}`);
    } else if (section === 'headers') {
      next[section] = { ...policy.headers, ...headersOf(values, policy.headers, say) };
    } else {
      const parses: Readonly<Record<string, Parse<unknown>>> = numbersAndLists[section as keyof typeof numbersAndLists];
      const read = Object.entries(values).flatMap(([key, value]) => {
        const path = `${section}.${key}`;
        if (!Object.hasOwn(parses, key)) say(path, `is not known; there are ${Object.keys(parses).join(', ')}`);
        const parsed = Object.hasOwn(parses, key)
          ? attempt(path, parses[key] as Parse<unknown>, value, say)
          : undefined;
        return parsed === undefined ? [] : [[key, parsed] as const];
      });
      next[section] = { ...(next[section] as object), ...Object.fromEntries(read) };
    }
  }
  return next as Policy;
};
