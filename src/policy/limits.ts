import type { Rate } from '../values.ts';

/** What one client address may do; bursts and connections as the source document has them or stricter. */
export const limits = {
  apiBurst: 20,
  authBurst: 5,
  connections: 50,
  /**
   * Path segments whose requests count against the stricter zone: guessing passwords is what they invite. Not `auth`:
   * pages ask /auth/me all the time.
   */
  authPaths: ['login', 'signin', 'signup', 'register', 'token', 'password', 'password-reset', 'forgot-password'],
} as const;

/** Whole seconds until a client that was refused may send one more request; for Retry-After (RFC 9110 10.2.3). */
export const retryAfter = (rate: Rate): number => {
  const [count = '1', unit] = rate.split('r/');
  return Math.max(1, Math.ceil((unit === 'm' ? 60 : 1) / Number(count)));
};
