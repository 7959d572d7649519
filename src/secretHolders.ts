import { graceNames, type PreviousName, previousName, type SecretName, secretNames, secretTable } from './secrets.ts';

const servicesOf = (name: SecretName, appExists: boolean): readonly string[] => {
  const row = secretTable[name];
  return appExists && 'alsoIfAppExists' in row ? [...row.services, ...row.alsoIfAppExists] : row.services;
};

/** The services of production that may have each secret, and each value from before a rotation: the table, read. */
export const secretHolders = (appExists: boolean): ReadonlyMap<SecretName | PreviousName, readonly string[]> => {
  const grace = graceNames(appExists);
  return new Map([
    ...secretNames.map((name) => [name, servicesOf(name, appExists)] as const),
    ...secretNames.map((name) => [previousName(name), grace.includes(name) ? ['app'] : []] as const),
  ]);
};
