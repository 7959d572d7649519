import { secretHolders, secretNames } from '../../src/model/secrets.ts';
import type { Deployment } from './deployment.ts';

const valuesOf = (stack: Deployment, names: readonly string[]): ReadonlyMap<string, string> => {
  const find = (name: string): string => {
    const file = `secrets/${name.toLowerCase()}`;
    return stack.env(name) || (stack.has(file) ? stack.read(file).trim() : '');
  };
  return new Map(names.map((name) => [name, find(name)] as const).filter(([, value]) => value !== ''));
};

/** The secrets of a deployment by name, wherever they are delivered from; it need not have all of them. */
export const secretValues = (stack: Deployment): ReadonlyMap<string, string> => valuesOf(stack, secretNames);

/** Those from before the last rotation too. */
export const heldValues = (stack: Deployment): ReadonlyMap<string, string> =>
  valuesOf(stack, [...secretHolders(false).keys()]);

/** Names of the secrets whose value stands in a text; a failing test must not print the values. */
export const secretsIn = (text: string, secrets: ReadonlyMap<string, string>): string[] =>
  [...secrets].filter(([, value]) => text.includes(value)).map(([name]) => name);
