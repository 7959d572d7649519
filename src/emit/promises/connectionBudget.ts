import type { Rule } from './rule.ts';
import { composeServices, textOf, withoutComments } from './text.ts';

const numberIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);

/** What the roles may take fits into the database, and the app's containers, twice in a deploy, into what its role may take. */
export const connectionBudget: Rule = (files, { app, database, connections }) => {
  const services = composeServices(withoutComments(textOf(files, 'docker-compose.prod.yml')));
  const setting = (name: string) => numberIn(services.get('app') ?? '', new RegExp(`^ *${name}: "(\\d+)"$`, 'm'));
  const maximum = numberIn(services.get('db') ?? '', /^ *- max_connections=(\d+)$/m);
  const limitOf = (role: string) =>
    numberIn(textOf(files, 'db/init/10-roles.sh'), new RegExp(`^CREATE ROLE "${role}" .*CONNECTION LIMIT (\\d+)`, 'm'));
  const limit = limitOf(database.user);
  const offences: string[] = [];
  const left = maximum - connections.others;
  if (!(limit > 0 && limit <= left)) {
    offences.push(`db/init/10-roles.sh gives ${database.user} ${limit} connections; the others leave ${left}`);
  }
  if (database.hasOwnerRole && limitOf(database.owner) !== connections.owner) {
    offences.push(`db/init/10-roles.sh does not limit ${database.owner} to ${connections.owner} connections`);
  }
  const replicas = numberIn(services.get('app') ?? '', /^ *replicas: (\d+)$/m);
  const pools = replicas * (setting('DB_POOL_SIZE') + setting('DB_MAX_OVERFLOW'));
  if (app.isNew && !(connections.overlap * pools < limit)) {
    offences.push(`the pools of the app are ${connections.overlap} x ${pools} in a deploy; its role may have ${limit}`);
  }
  return offences;
};
