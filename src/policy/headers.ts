import type { Answers } from '../answers/questions.ts';
import { contentSecurityPolicy, docsPolicy } from './csp.ts';
import type { Policy } from './policy.ts';

export type Header = {
  readonly name: string;
  readonly value: string;
  readonly why: string;
  /** Plain HTTP must not carry it (RFC 6797 7.2). */
  readonly tlsOnly: boolean;
  /** What the pages of the API's documentation get instead, where they are open. */
  readonly onDocs?: string;
  /** The app's own value wins, and ours is for where it sends none. */
  readonly fallback: boolean;
};

type HeaderAnswers = Pick<Answers, 'hsts' | 'xssProtection' | 'csp' | 'cspPolicy' | 'apiDocs'>;

/**
 * RFC 6797. One year is what the preload list asks for (hstspreload.org). What binds more hosts than this one is for the owner of
 * them to say: browsers keep to it for a year, and one host without HTTPS is then out of reach.
 */
export const hstsValues: Readonly<Record<Answers['hsts'], string>> = {
  full: 'max-age=31536000; includeSubDomains; preload',
  'no-preload': 'max-age=31536000; includeSubDomains',
  'host-only': 'max-age=31536000',
};

/** OWASP's cheat sheet advises 0: the old auditors could be turned against a page. */
export const xssValues: Readonly<Record<Answers['xssProtection'], string>> = { block: '1; mode=block', off: '0' };

/**
 * Sensors and devices that a web app seldom needs. Only names that browsers know: they complain of others on the
 * console. Left to the page itself: full screen, clipboard, sharing, passkeys.
 */
const deniedFeatures = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
  'xr-spatial-tracking',
] as const;

type Row = Pick<Header, 'name' | 'value' | 'why'> & Partial<Header>;

const rows = (answers: HeaderAnswers): readonly Row[] => [
  {
    name: 'Strict-Transport-Security',
    value: hstsValues[answers.hsts],
    why: 'Browsers use HTTPS only, without asking over HTTP first',
    tlsOnly: true,
  },
  { name: 'X-Frame-Options', value: 'SAMEORIGIN', why: 'No other site may frame a page (clickjacking)' },
  { name: 'X-Content-Type-Options', value: 'nosniff', why: 'Browsers keep to the declared content type' },
  {
    name: 'X-XSS-Protection',
    value: xssValues[answers.xssProtection],
    why: 'Only for old browsers and scanners: no current browser acts on it',
  },
  {
    name: 'Referrer-Policy',
    value: 'strict-origin-when-cross-origin',
    why: 'Other sites learn the origin at most, never the path',
  },
  {
    name: 'Content-Security-Policy',
    value: contentSecurityPolicy(answers),
    why: 'Pages load code and data only from where this says (cross-site scripting)',
    onDocs: docsPolicy,
    fallback: answers.csp === 'app',
  },
  {
    name: 'Permissions-Policy',
    value: deniedFeatures.map((feature) => `${feature}=()`).join(', '),
    why: 'Neither a page nor what it frames gets at sensors and devices',
  },
  {
    name: 'Cross-Origin-Opener-Policy',
    value: 'same-origin',
    why: 'Windows opened by other sites get no handle on ours',
  },
  { name: 'Cross-Origin-Resource-Policy', value: 'same-origin', why: 'Other sites cannot embed our responses' },
  {
    name: 'Cross-Origin-Embedder-Policy',
    // A policy of the user's own may name other origins, and few of those send the header that require-corp asks for.
    value: answers.csp === 'custom' || answers.csp === 'app' ? 'credentialless' : 'require-corp',
    why: 'Nothing from another origin is loaded into our pages with credentials',
    onDocs: 'unsafe-none',
  },
  {
    name: 'X-Permitted-Cross-Domain-Policies',
    value: 'none',
    why: 'No policy file of Flash or PDF readers is honoured',
  },
];

const withOthers = (own: readonly Row[], others: Policy['headers']): readonly Row[] => {
  const more = Object.entries(others).filter(([name]) => !own.some((row) => row.name === name));
  return [
    ...own.map((row) => ({ ...row, ...others[row.name] })),
    ...more.map(([name, { value, why = '' }]) => ({ name, value, why })),
  ];
};

/**
 * The security headers of every response, HSTS first, with what a team has otherwise.
 * Sources: OWASP Secure Headers Project, MDN HTTP Observatory's rules, RFC 6797.
 */
export const securityHeaders = (answers: HeaderAnswers, others: Policy['headers'] = {}): readonly Header[] =>
  withOthers(rows(answers), others).map(({ onDocs, ...row }) => ({
    tlsOnly: false,
    fallback: false,
    ...row,
    ...(answers.apiDocs === 'open' && onDocs !== undefined ? { onDocs } : {}),
  }));
