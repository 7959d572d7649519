import type { Rate } from '../answers/values.ts';

export type Limits = {
  readonly apiBurst: number;
  readonly authBurst: number;
  readonly staticRate: Rate;
  readonly staticBurst: number;
  readonly staticPaths: readonly string[];
  readonly connections: number;
  readonly streams: number;
  readonly authPaths: readonly string[];
  readonly authFormPaths: readonly string[];
  readonly maintenanceRetryAfter: number;
};

/**
 * Where passwords and codes are guessed, as frameworks call it (test/policy/logins.ts has their paths). Segments of a path in
 * any case, at any depth, with all below them; a hyphen stands for `-`, `_` or nothing. Ten requests a minute are for somebody
 * who types; so these are words that hardly mean anything else.
 */
const authPaths = [
  ...['log-in', 'log-on', 'sign-in', 'sign-on', 'sign-up', 'register', 'authenticate', 'reauthenticate'],
  ...[
    'login-actions',
    'us-signin',
    'wan-signin',
    'api-token-auth',
    'token',
    'access-token',
    'magic-link',
    'passwordless',
  ],
  ...['password', 'passwords', 'forgot-password', 'forget-password', 'forgotten-password', 'lost-password'],
  ...['reset-password', 'reset-password-confirm', 'recover-password', 'change-password', 'set-password'],
  ...['update-password', 'confirm-password', 'password-reset', 'password-reset-confirm', 'password-recovery'],
  ...['password-change', 'password-forgot', 'request-verify-token', 'otp', 'totp', 'hotp', '2fa', 'mfa', 'two-factor'],
  ...['two-factor-challenge', 'tf-validate', 'mf-recovery', 'verify-otp', 'verify-totp'],
];

/**
 * The same where something is sent to them (POST, PUT, PATCH), for words that mean other things too: pages ask for /auth/session
 * all the time, and a conference has /sessions.
 */
const authFormPaths = [
  ...[
    'auth',
    'oauth',
    'oauth2',
    'jwt',
    'session',
    'sessions',
    'tokens',
    'credentials',
    'registration',
    'registrations',
  ],
  ...['verify', 'verification', 'verify-email', 'confirm-email', 'reset'],
];

/** What one client may do; bursts and connections as the source document has them or stricter. */
export const limits: Limits = {
  apiBurst: 20,
  authBurst: 5,
  /** Files that a page loads by the dozen, where the app serves them itself. */
  staticRate: '100r/s' as Rate,
  staticBurst: 200,
  staticPaths: ['static', 'assets'],
  /** Requests at once; each HTTP/2 or HTTP/3 stream counts as one, and a browser opens as many as it is allowed. */
  connections: 100,
  streams: 64,
  authPaths,
  authFormPaths,
  /** Seconds that a client is told to wait during maintenance. */
  maintenanceRetryAfter: 300,
};

/** Whole seconds until a client that was refused may send one more request; for Retry-After (RFC 9110 10.2.3). */
export const retryAfter = (rate: Rate): number => {
  const [count = '1', unit] = rate.split('r/');
  return Math.max(1, Math.ceil((unit === 'm' ? 60 : 1) / Number(count)));
};
