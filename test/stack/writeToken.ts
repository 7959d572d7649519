import { createHmac } from 'node:crypto';
import type { Deployment } from './deployment.ts';
import { secretValues } from './secretValues.ts';

/** A token by which the new app lets its holder write, as app/tokens.py of the project makes it; undefined for another app. */
export const writeToken = (stack: Deployment): string | undefined => {
  const key = secretValues(stack).get('SECRET_KEY');
  if (key === undefined || !stack.has('app/tokens.py')) return undefined;
  const ends = Math.floor(Date.now() / 1000) + 3600;
  return `${ends}.${createHmac('sha256', key).update(`may write until ${ends}`).digest('hex')}`;
};
