import { createHash } from 'node:crypto';

/** The prefix also tells secret scanners that this is no key. */
export const digest = (content: string | Buffer): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;
