import {
  fileOf,
  graceNames,
  type PreviousName,
  previousName,
  type SecretName,
  secretNames,
  secretTable,
} from '../secrets.ts';
import type { Rule } from '../verify.ts';
import { composeServices, textOf, withoutComments } from './text.ts';

const servicesOf = (name: SecretName, appExists: boolean): readonly string[] => {
  const row = secretTable[name];
  return appExists && 'alsoIfAppExists' in row ? [...row.services, ...row.alsoIfAppExists] : row.services;
};

type Holders = readonly [name: SecretName | PreviousName, services: readonly string[]];

const holders = (appExists: boolean): readonly Holders[] => [
  ...secretNames.map((name): Holders => [name, servicesOf(name, appExists)]),
  ...secretNames.map((name): Holders => [previousName(name), graceNames(appExists).includes(name) ? ['app'] : []]),
];

/** Each service of production gets only the secrets that the table gives it, as a variable or as a file. */
export const secretsByService: Rule = (files, { app }) => {
  const services = composeServices(withoutComments(textOf(files, 'docker-compose.prod.yml')));
  return [...services].flatMap(([service, text]) =>
    holders(app.exists)
      .filter(([, allowed]) => !allowed.includes(service))
      .map(([name]) => name)
      .filter((name) => new RegExp(`\\$\\{${name}\\b|(?:- |source: |/run/secrets/)${fileOf(name)}$`, 'm').test(text))
      .map((name) => `docker-compose.prod.yml gives ${name} to ${service}, which is not its own`),
  );
};
