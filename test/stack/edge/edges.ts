import { join } from 'node:path';
import type { RawAnswers } from '../../../src/answers/questions.ts';
import { flagOf } from '../../../src/answers/questions.ts';
import { type Edge, edge, type Wanted } from './edge.ts';
import { writeSpa, writeStatic } from './webFiles.ts';

/** Every address that Docker may give its gateway, which is the client of all that a test asks. */
const everybodyHere = '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16';

const withAnswers = (
  answers: Partial<RawAnswers>,
  rest: Omit<Wanted, 'flags'> = {},
): { readonly answers: Partial<RawAnswers>; readonly start: () => Promise<Edge> } => ({
  answers,
  start: edge({ flags: Object.entries(answers).flatMap(([key, value = '']) => [`--${flagOf(key)}`, value]), ...rest }),
});

/** Names of the main edge beside its domain: one that is served, two that only redirect. */
export const served = 'api.example.test';
export const redirecting = ['www.app.example.test', 'old.example.test'] as const;

// Few answer sets, since each costs some seconds: what does not get in its own way is tested together. A file that alone
// uses one removes it at its end: an engine has some thirty networks to give.

/** Nothing that is asked here is refused for its rate: for everything but the limits. */
export const main = withAnswers(
  {
    serverNames: served,
    redirectNames: redirecting.join(),
    staticFiles: 'public',
    rateLimitExempt: everybodyHere,
    securityContact: 'security@example.test',
  },
  { names: [served, ...redirecting], prepare: (directory) => writeStatic(join(directory, 'public')) },
);

/** The limits as they are unless somebody asks for others, and four paths with their own. */
export const limited = withAnswers(
  {
    redirectNames: redirecting[0],
    endpoints: [
      'path=/reports rate=2r/s burst=2 methods=POST',
      'path=/upload body=13m',
      'path=/upload/avatar body=4k',
      'path=/slow timeout=2s',
    ].join('; '),
  },
  { names: [redirecting[0]] },
);

/** Behind proxies that are trusted, TLS 1.3 only, the documentation of the API open. */
export const proxied = withAnswers({
  behind: 'proxies',
  trustedProxies: everybodyHere,
  tlsProfile: 'modern',
  apiDocs: 'open',
});

/** A single-page app, over HTTP/3 too; limits are only tried. */
export const singlePage = withAnswers(
  {
    spa: 'frontend/dist',
    apiPaths: '/api,/auth',
    csp: 'spa',
    securityContact: 'https://example.test/report',
    rateLimitMode: 'dry-run',
    http3: 'on',
  },
  { prepare: (directory) => writeSpa(join(directory, 'frontend', 'dist')) },
);

/** Cloudflare is in front, which nobody here is; a policy of the user's own, and the weaker forms of two headers. */
export const cloudflare = withAnswers({
  behind: 'cloudflare',
  csp: 'custom',
  cspPolicy: "default-src 'self'; img-src 'self' https://images.example.com",
  hsts: 'full',
  xssProtection: 'off',
});

/** Behind something that speaks the PROXY protocol; the policy of an API. */
export const proxyProtocol = withAnswers({ behind: 'proxy-protocol', trustedProxies: everybodyHere, csp: 'api' });

/** Behind an AWS load balancer; the app has a policy of its own. */
export const loadBalanced = withAnswers({ behind: 'aws-alb', trustedProxies: everybodyHere, csp: 'app' });
