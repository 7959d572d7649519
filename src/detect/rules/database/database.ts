import { type Confidence, type Database, type Evidence, type Finding, found, type Notice } from '../../model.ts';
import type { Context } from '../code/context.ts';
import { type EnvLine, envLines } from '../settings/envFile.ts';
import { settingsOf } from '../settings/settings.ts';
import { type Connection, connectionOf, once } from './connection.ts';
import { driversOf } from './drivers.ts';
import { engineOf, rewrittenTo } from './engine.ts';
import { formOf } from './names.ts';
import { builtUrl, missingDriver, rewrittenUrl, severalDatabases, unknownSwitch, unknownVariables } from './notices.ts';
import { otherDatabases } from './others.ts';
import { toolkitOf } from './scheme.ts';
import { switchesOf } from './switch.ts';
import { type UrlUse, urlUses } from './urls.ts';
import { variablesOf } from './variables.ts';

/** Code that connects to PostgreSQL, not such that only names it. */
const connects = ({ how }: UrlUse): boolean => how === 'built' || how === 'rewritten' || how === 'literal';

const confidenceOf = ({ isUrl, urls, build }: Connection, uses: readonly UrlUse[], isGuess: boolean): Confidence => {
  if (isGuess) return 'guess';
  const isSure = isUrl ? urls.every(({ isSaid }) => isSaid) || rewrittenTo(uses) !== undefined : build !== undefined;
  return isSure ? 'certain' : 'likely';
};

const ofExample = ({ file, line, name, scheme }: EnvLine): Evidence => ({ file, line, says: `${name}=${scheme}://…` });

/** PostgreSQL as the app wants it, and which other databases it knows; undefined where nothing speaks of PostgreSQL. */
export const database = (
  context: Context,
): {
  readonly database: Finding<Database> | undefined;
  readonly others: readonly Finding<string>[];
  readonly notices: readonly Notice[];
} => {
  const all = settingsOf(context);
  const others = otherDatabases(context, all);
  const uses = urlUses(context);
  const lines = envLines(context);
  const strong = uses.filter(connects);
  const examples = lines.filter(({ scheme, isComment }) => !isComment && /^postgres/.test(scheme ?? ''));
  const drivers = driversOf(context).filter(({ isForDevelopment }) => !isForDevelopment || strong.length > 0);
  const isElsewhere = others.some(({ confidence }) => confidence === 'certain');
  if (drivers.length === 0 && (isElsewhere || (strong.length === 0 && examples.length === 0))) {
    return { database: undefined, others, notices: [] };
  }

  const inCode = all.filter(({ isOnlyNamed }) => !isOnlyNamed);
  const isRead = inCode.some((setting) => formOf(setting) !== undefined);
  const settings = isRead ? inCode : all;
  const toolkit = toolkitOf(context, drivers);
  const connection = connectionOf(settings, uses, lines, toolkit);
  const switches = switchesOf(context, once(settings));
  const chosen = variablesOf(connection, switches);
  const { scheme, driver } = engineOf(connection, uses, toolkit);
  const isGuess = chosen.length === 0 || !isRead || drivers.length === 0;
  return {
    database: found(
      { driver, scheme, variables: chosen.map(({ evidence: _, ...variable }) => variable) },
      confidenceOf(connection, uses, isGuess),
      ...drivers.slice(0, 2).map(({ evidence }) => evidence),
      ...(connection.build && !connection.isUrl ? [connection.build.evidence] : []),
      ...examples.slice(0, 1).map(ofExample),
      ...chosen.map(({ evidence }) => evidence),
    ),
    others,
    notices: [
      ...switches.flatMap(unknownSwitch),
      ...builtUrl(connection),
      ...rewrittenUrl(connection, uses),
      ...missingDriver(driver, toolkit, strong),
      ...unknownVariables(chosen, uses),
      ...severalDatabases(connection),
    ],
  };
};
