import { type Evidence, type Finding, found } from '../../model.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';
import { readAt } from '../code/withoutSecrets.ts';
import type { Setting } from '../settings/setting.ts';
import { otherDrivers } from './drivers.ts';

const schemes = /^(mysql|mariadb|sqlite|mongodb|mssql|oracle)(?:\+\w+)?:\/\//;

const words = ['mysql', 'mariadb', 'sqlite', 'mongodb', 'mssql', 'oracle']
  .flatMap((name) => [`${name}:`, `${name}+`])
  .concat('sqlite3');

const nameOfScheme = (text: string): string | undefined => schemes.exec(text)?.[1]?.replace('mariadb', 'mysql');

/** Databases besides PostgreSQL that the app can work with. */
export const otherDatabases = (context: Context, settings: readonly Setting[]): readonly Finding<string>[] => {
  const evidence = new Map<string, Evidence[]>();
  const add = (database: string | undefined, ...seen: readonly Evidence[]) => {
    if (database !== undefined) evidence.set(database, [...(evidence.get(database) ?? []), ...seen]);
  };
  for (const [database, seen] of otherDrivers(context)) add(database, ...seen);
  const certain = new Set(evidence.keys());
  for (const setting of settings) add(nameOfScheme(setting.default ?? ''), setting.evidence);
  for (const module of modulesWith(context, ...words)) {
    const literals = [
      ...module.strings,
      ...module.joins.flatMap(({ parts: [first], line }) =>
        first?.kind === 'string' ? [{ value: first.value, line }] : [],
      ),
    ];
    for (const { value, line } of literals) {
      const database = nameOfScheme(value);
      if (database !== undefined) add(database, readAt(context.view, module.path, line, ''));
    }
    const sqlite = module.imports.find((one) => one.module === 'sqlite3');
    if (sqlite) add('sqlite', quoted(context.view, module.path, sqlite.line));
  }
  return [...evidence].map(([database, seen]) =>
    found(database, certain.has(database) ? 'certain' : 'likely', ...seen.slice(0, 5)),
  );
};
