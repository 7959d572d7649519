import type { Answers } from '../questions.ts';

export type Header = {
  readonly name: string;
  readonly value: string;
  readonly why: string;
  /** Plain HTTP must not carry it (RFC 6797 7.2). */
  readonly tlsOnly: boolean;
};

/** RFC 6797. One year is what the preload list asks for (hstspreload.org). */
export const hstsValues: Readonly<Record<Answers['hsts'], string>> = {
  full: 'max-age=31536000; includeSubDomains; preload',
  'no-preload': 'max-age=31536000; includeSubDomains',
  'host-only': 'max-age=31536000',
};

/** OWASP's cheat sheet advises 0: the old auditors could be turned against a page. */
export const xssValues: Readonly<Record<Answers['xssProtection'], string>> = { block: '1; mode=block', off: '0' };

const rows = ({
  hsts,
  xssProtection,
}: Pick<Answers, 'hsts' | 'xssProtection'>): readonly (Omit<Header, 'tlsOnly'> & { readonly tlsOnly?: true })[] => [
  {
    name: 'Strict-Transport-Security',
    value: hstsValues[hsts],
    why: 'Browsers use HTTPS only, without asking over HTTP first',
    tlsOnly: true,
  },
  { name: 'X-Frame-Options', value: 'SAMEORIGIN', why: 'No other site may frame a page (clickjacking)' },
  { name: 'X-Content-Type-Options', value: 'nosniff', why: 'Browsers keep to the declared content type' },
  {
    name: 'X-XSS-Protection',
    value: xssValues[xssProtection],
    why: 'Only for old browsers and scanners: no current browser acts on it',
  },
  {
    name: 'Referrer-Policy',
    value: 'strict-origin-when-cross-origin',
    why: 'Other sites learn the origin at most, never the path',
  },
  {
    name: 'Content-Security-Policy',
    value:
      "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'; upgrade-insecure-requests",
    why: 'Pages load code and data only from this origin (cross-site scripting)',
  },
  {
    name: 'Permissions-Policy',
    value: 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    why: 'Pages cannot use the device features that a web API does not need',
  },
  {
    name: 'Cross-Origin-Opener-Policy',
    value: 'same-origin',
    why: 'Windows opened by other sites get no handle on ours',
  },
  { name: 'Cross-Origin-Resource-Policy', value: 'same-origin', why: 'Other sites cannot embed our responses' },
  {
    name: 'X-Permitted-Cross-Domain-Policies',
    value: 'none',
    why: 'No policy file of Flash or PDF readers is honoured',
  },
];

/**
 * The security headers of every response, HSTS first.
 * Sources: OWASP Secure Headers Project, MDN HTTP Observatory's rules, RFC 6797.
 */
export const securityHeaders = (answers: Pick<Answers, 'hsts' | 'xssProtection'>): readonly Header[] =>
  rows(answers).map((row) => ({ tlsOnly: false, ...row }));
