import type { EnvLine } from '../settings/envFile.ts';
import type { Setting } from '../settings/setting.ts';
import { mainBuild } from './build.ts';
import { formOf } from './names.ts';
import { groupsByName, type Variables } from './parts.ts';
import { type Expected, schemeOfUrl, type Toolkit } from './scheme.ts';
import type { UrlUse } from './urls.ts';

/** How the app is told where its database is: by whole URLs, or by parts of which its code builds one. */
export type Connection = {
  readonly isUrl: boolean;
  /** Settings that hold a whole URL, with the scheme that each takes. */
  readonly urls: readonly (Expected & { readonly setting: Setting })[];
  readonly parts: Variables;
  /** Where the code builds the URL of the parts. */
  readonly build: UrlUse | undefined;
  /** Settings that their names make parts of one database, for each database. */
  readonly groups: readonly Variables[];
};

/** Of settings with the same name the first. */
export const once = (settings: readonly Setting[]): readonly Setting[] =>
  settings.filter(({ name }, index) => settings.findIndex((other) => other.name === name) === index);

/** The parts, with what else their names make part of the same database. */
const completed = (parts: Variables, groups: readonly Variables[]): Variables => {
  const own = new Set([...parts.values()].map(({ name }) => name));
  const group = groups.find((one) => [...one.values()].some(({ name }) => own.has(name)));
  const rest = [...(group ?? [])].filter(([form, { name }]) => !parts.has(form) && !own.has(name));
  const isJoint = parts.has('credentials');
  return new Map([...parts, ...rest.filter(([form]) => !isJoint || (form !== 'user' && form !== 'password'))]);
};

/** Of an app that has both: whether the URL is what it goes by. */
const goesByUrl = (urls: readonly Setting[], parts: Variables, isBuilt: boolean): boolean =>
  urls.length > 0 &&
  (parts.size === 0 ||
    urls.some(({ isRequired }) => isRequired) ||
    (!isBuilt && urls.some((url) => url.default !== undefined)));

export const connectionOf = (
  settings: readonly Setting[],
  uses: readonly UrlUse[],
  lines: readonly EnvLine[],
  toolkit: Toolkit,
): Connection => {
  const groups = groupsByName(settings);
  const build = mainBuild(uses, settings);
  const parts = completed(build?.parts ?? groups[0] ?? new Map(), groups);
  const isPart = new Set([...parts.values()].map(({ name }) => name));
  const urls = once(settings.filter((setting) => formOf(setting)?.form === 'url' && !isPart.has(setting.name)));
  return {
    isUrl: goesByUrl(urls, parts, build !== undefined),
    urls: urls.map((setting) => ({ setting, ...schemeOfUrl(setting, urls.length === 1, uses, lines, toolkit) })),
    parts,
    build: build?.use,
    groups,
  };
};
