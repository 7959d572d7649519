import { secretNames } from '../../src/secrets.ts';
import type { Deployment } from './deployment.ts';

/** The secrets of a deployment by name, wherever they are delivered from; it need not have all of them. */
export const secretValues = (stack: Deployment): ReadonlyMap<string, string> => {
  const find = (name: string): string => {
    const file = `secrets/${name.toLowerCase()}`;
    return stack.env(name) || (stack.has(file) ? stack.read(file).trim() : '');
  };
  return new Map(secretNames.map((name) => [name, find(name)] as const).filter(([, value]) => value !== ''));
};

/** Names of the secrets whose value stands in a text; a failing test must not print the values. */
export const secretsIn = (text: string, secrets: ReadonlyMap<string, string>): string[] =>
  [...secrets].filter(([, value]) => text.includes(value)).map(([name]) => name);
