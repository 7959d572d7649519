import type { DatabaseForm } from '../../model.ts';
import type { Setting } from '../settings/setting.ts';
import { formOf, mayBePostgres } from './names.ts';
import type { UrlUse } from './urls.ts';

export type Variables = ReadonlyMap<DatabaseForm, Setting>;

const deepest = 3;

/** The setting that an expression reads: `self.X`, `values.get("X")`, `settings.db.user`, a name that was assigned before. */
const settingIn = (settings: readonly Setting[], use: UrlUse, text: string, depth = 0): Setting | undefined => {
  const words = [...text.matchAll(/[A-Za-z_]\w*/g)]
    .map(([word]) => word)
    .filter((word) => word.length <= 200)
    .reverse();
  const ofClass = use.within.find((name) => settings.some(({ owner }) => owner === name));
  const rank = ({ owner, name, isOnlyNamed }: Setting): number =>
    (owner === ofClass ? 8 : 0) +
    (owner === use.module.path ? 4 : 0) +
    (formOf({ name } as Setting) ? 2 : 0) -
    (isOnlyNamed ? 16 : 0);
  for (const word of words) {
    const candidates = settings
      .filter(({ name, attribute }) => name === word || attribute.split('.').at(-1) === word)
      .filter(({ name }) => mayBePostgres(name));
    const [best] = [...candidates].sort((one, other) => rank(other) - rank(one));
    // A bare name, `port`, is the setting of that name only in the same module.
    const isDotted = new RegExp(`[.\\["']${word}\\b`).test(text);
    if (best !== undefined && (rank(best) >= 2 || (isDotted && candidates.length === 1))) return best;
  }
  if (depth === deepest) return undefined;
  for (const word of words) {
    const value = use.module.assignments.find(({ target }) => target === word)?.value;
    const hop = value && value.text !== text ? settingIn(settings, use, value.text, depth + 1) : undefined;
    if (hop !== undefined) return hop;
  }
  return undefined;
};

/** The settings of which a URL is built, by the place at which each stands in it. */
export const partsOfUse = (settings: readonly Setting[], use: UrlUse): Variables => {
  const parts = new Map<DatabaseForm, Setting>();
  for (const { form, text } of use.parts) {
    const setting = settingIn(settings, use, text);
    if (setting === undefined || [...parts.values()].includes(setting)) continue;
    // `{user}@{host}` looks like credentials.
    const named = formOf(setting)?.form;
    if (named === 'url') continue;
    const isUser = form === 'credentials' && named === 'user';
    parts.set(isUser ? 'user' : named === 'credentials' ? 'credentials' : form, setting);
  }
  return parts;
};

/** Settings whose names make them parts of one database, those of the fullest first. */
export const groupsByName = (settings: readonly Setting[]): readonly Variables[] => {
  const groups = new Map<string, Map<DatabaseForm, Setting>>();
  for (const setting of settings) {
    const named = formOf(setting);
    if (named === undefined || named.form === 'url' || named.form === 'literal') continue;
    const group = groups.get(named.head) ?? new Map<DatabaseForm, Setting>();
    groups.set(named.head, group);
    if (!group.has(named.form)) group.set(named.form, setting);
  }
  return [...groups.values()].filter(isWhole).sort((one, other) => other.size - one.size);
};

/** Enough to reach a database by: a host, and who one is. */
const isWhole = (parts: Variables): boolean =>
  parts.has('host') && (parts.has('password') || parts.has('credentials') || parts.has('user'));
