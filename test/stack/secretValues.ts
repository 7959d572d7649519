import { secretNames } from '../../src/secrets.ts';
import type { Deployment } from './deployment.ts';

/** The secrets of a deployment by name, wherever they are delivered from. */
export const secretValues = (stack: Deployment): ReadonlyMap<string, string> =>
  new Map(
    secretNames.map((name) => {
      const inEnv = stack.env(name);
      return [name, inEnv === '' ? stack.read(`secrets/${name.toLowerCase()}`).trim() : inEnv];
    }),
  );

/** Names of the secrets whose value stands in a text; a failing test must not print the values. */
export const secretsIn = (text: string, secrets: ReadonlyMap<string, string>): string[] =>
  [...secrets].filter(([, value]) => text.includes(value)).map(([name]) => name);
