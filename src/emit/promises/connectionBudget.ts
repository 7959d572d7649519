import { outcomes } from './interpolation.ts';
import { production } from './productionFiles.ts';
import type { Promised } from './promised.ts';
import { at, isList, listIn, mapIn, textAt, type Yaml, type YamlMap } from './yaml.ts';

const whole = /^(?:0|[1-9]\d*)$/;

/** The one number that a scalar can be; NaN where it is none, or could be several. */
const numberOf = (text: string | undefined, env: ReadonlyMap<string, string>): number => {
  const [one = '', ...others] = text === undefined ? [] : outcomes(text, env);
  return whole.test(one) && others.length === 0 ? Number(one) : Number.NaN;
};

/** A variable of a service, from a mapping or a list. */
const variableOf = (service: Yaml | undefined, name: string): string | undefined => {
  const given = at(service, 'environment');
  if (!isList(given)) return textAt(given, name);
  const line = given.findLast((item) => typeof item === 'string' && item.startsWith(`${name}=`));
  return typeof line === 'string' ? line.slice(name.length + 1) : undefined;
};

const wordsOf = (command: Yaml | undefined): string =>
  (typeof command === 'string' ? [command] : listIn(command).map(String)).join(' ');

/** As PostgreSQL takes it from its command: `-c name=…`, `--name=…`, the last one counts. */
const maximumOf = (database: YamlMap, env: ReadonlyMap<string, string>): number => {
  const words = wordsOf(database.get('command'));
  const given = [...words.matchAll(/(?:^|\s)(?:-c ?|--)max[-_]connections=(\S+)/gi)].at(-1)?.[1];
  return numberOf(given, env);
};

/** What the roles may take fits into the database, and the app's containers, twice in a deploy, into what its role may take. */
export const connectionBudget: Promised = (set, { app, database, connections }) => {
  const env = set.env('.env.production');
  const { services } = set.compose(production);
  const ofApp = services.get('app');
  const setting = (name: string) => numberOf(variableOf(ofApp, name), env);
  const maximum = maximumOf(mapIn(services.get('db')), env);
  // Of the SQL two lines a role are looked at.
  const limitOf = (role: string): number => {
    const line = new RegExp(`^ALTER ROLE "${role}" LOGIN .*\\n? *CONNECTION LIMIT (\\d+);`, 'm').exec(
      set.text('db/init/20-rights.sql'),
    );
    return Number(line?.[1] ?? Number.NaN);
  };
  const limit = limitOf(database.user);
  const offences: string[] = [];
  const left = maximum - connections.others;
  if (!(limit > 0 && limit <= left)) {
    offences.push(`db/init/20-rights.sql gives ${database.user} ${limit} connections; the others leave ${left}`);
  }
  if (database.hasOwnerRole && limitOf(database.owner) !== connections.owner) {
    offences.push(`db/init/20-rights.sql does not limit ${database.owner} to ${connections.owner} connections`);
  }
  const replicas = numberOf(textAt(ofApp, 'deploy', 'replicas') || textAt(ofApp, 'scale') || '1', env);
  const pools = replicas * (setting('DB_POOL_SIZE') + setting('DB_MAX_OVERFLOW'));
  if (app.isNew && !(connections.overlap * pools < limit)) {
    offences.push(`the pools of the app are ${connections.overlap} x ${pools} in a deploy; its role may have ${limit}`);
  }
  return offences;
};
