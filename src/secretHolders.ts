import { graceNames, type PreviousName, previousName, type SecretName, secretNames, secretTable } from './secrets.ts';

// The workers of an app are the app.
const servicesOf = (name: SecretName, appExists: boolean, ofApp: readonly string[]): readonly string[] => {
  const row = secretTable[name];
  const services = appExists && 'alsoIfAppExists' in row ? [...row.services, ...row.alsoIfAppExists] : row.services;
  return services.flatMap((service) => (service === 'app' ? ofApp : [service]));
};

/** The services of production that may have each secret, and each value from before a rotation: the table, read. */
export const secretHolders = (
  appExists: boolean,
  ofApp: readonly string[] = ['app'],
): ReadonlyMap<SecretName | PreviousName, readonly string[]> => {
  const grace = graceNames(appExists);
  return new Map([
    ...secretNames.map((name) => [name, servicesOf(name, appExists, ofApp)] as const),
    ...secretNames.map((name) => [previousName(name), grace.includes(name) ? ofApp : []] as const),
  ]);
};
