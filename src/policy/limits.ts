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
  readonly maintenanceRetryAfter: number;
};

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
  /**
   * Path segments whose requests count against the stricter zone: guessing passwords is what they invite. Not `auth`:
   * pages ask /auth/me all the time.
   */
  authPaths: ['login', 'signin', 'signup', 'register', 'token', 'password', 'password-reset', 'forgot-password'],
  /** Seconds that a client is told to wait during maintenance. */
  maintenanceRetryAfter: 300,
};

/** Whole seconds until a client that was refused may send one more request; for Retry-After (RFC 9110 10.2.3). */
export const retryAfter = (rate: Rate): number => {
  const [count = '1', unit] = rate.split('r/');
  return Math.max(1, Math.ceil((unit === 'm' ? 60 : 1) / Number(count)));
};
