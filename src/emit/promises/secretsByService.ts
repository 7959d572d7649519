import { posix } from 'node:path';
import { fileOf, secretHolders } from '../../model/secrets.ts';
import { variablesIn } from './interpolation.ts';
import { productionFiles } from './productionFiles.ts';
import type { Promised } from './promised.ts';
import type { RenderedSet } from './renderedSet.ts';
import { inProject, mountsOf, overlaps } from './service/mounts.ts';
import { isList, isMap, listIn, mapIn, scalarsIn, textAt, type Yaml, type YamlMap } from './yaml.ts';

const environment = '.env.production';
// It reads the settings and secrets of the project, as the owner of its folder, and has the folder read-only for that.
const ofProject = 'backups';

/** Names that take their value from the environment file without saying so: `NAME` in a list, `NAME:` in a mapping. */
const passedOn = (value: Yaml | undefined): readonly string[] => {
  if (isMap(value)) return [...value].flatMap(([name, inside]) => (inside === null ? [name] : []));
  return (isList(value) ? value : []).filter((item): item is string => typeof item === 'string' && !item.includes('='));
};

/** The paths that an `env_file` reads. */
const envFilesOf = (service: YamlMap): readonly string[] =>
  [service.get('env_file') ?? []]
    .flat()
    .map((item) => (typeof item === 'string' ? item : textAt(item as Yaml, 'path')));

/** What a service gets of `secrets` and `configs`: the entry's own name, with all that its definition says. */
const granted = (service: YamlMap, tops: readonly YamlMap[]): readonly string[] =>
  ['secrets', 'configs'].flatMap((kind) =>
    listIn(service.get(kind))
      .map((item) => (typeof item === 'string' ? item : textAt(item, 'source')))
      .flatMap((name) => [
        name,
        ...tops.flatMap((top) => {
          const definition = mapIn(mapIn(top.get(kind)).get(name));
          return [...scalarsIn(definition)].flatMap((text) => [
            text,
            posix.basename(text),
            ...variablesIn(text).map((one) => one.name),
          ]);
        }),
      ]),
  );

/** The files that its secrets and configurations are read from, but for those of one secret, which are known by their names. */
const grantedFiles = (service: YamlMap, tops: readonly YamlMap[]): readonly string[] =>
  granted(service, tops).filter((text) => text.includes('.') && !inProject(text)?.startsWith('secrets/'));

/** What of a service can hold a secret, by the words that name one: variables, secret files, and files of the project. */
const wordsOf = (service: YamlMap, tops: readonly YamlMap[]): ReadonlySet<string> => {
  const scalars = [...scalarsIn(service)];
  const build = mapIn(service.get('build'));
  return new Set([
    ...scalars.flatMap(variablesIn).map(({ name }) => name),
    ...scalars.map((text) => /\/run\/secrets\/([\w.-]+)$/.exec(text)?.[1] ?? ''),
    ...passedOn(service.get('environment')),
    ...passedOn(build.get('args')),
    ...granted(service, tops),
  ]);
};

/** The secret files of the project that a service reads or has mounted. */
const secretFilesOf = (
  set: RenderedSet,
  tops: readonly YamlMap[],
  name: string,
  service: YamlMap,
): readonly string[] => {
  const env = set.env(environment);
  const mounts = mountsOf(service, env).filter(
    ({ isBind, isReadOnly, source }) => isBind && !(name === ofProject && isReadOnly && inProject(source) === '.'),
  );
  const paths = [...mounts.map(({ source }) => source), ...envFilesOf(service), ...grantedFiles(service, tops)].map(
    inProject,
  );
  return set.files
    .filter(({ artifact: { kind } }) => kind === 'secret')
    .map(({ artifact: { to } }) => to)
    .filter((to) => paths.some((path) => path !== undefined && overlaps(path, to)));
};

/** Each service of production gets only the secrets that the table gives it, as a variable or as a file. */
export const secretsByService: Promised = (set, { app }) => {
  const holders = [...secretHolders(app.exists, app.services)];
  const all = productionFiles(set);
  const tops = all.map(({ top }) => top);
  return all.flatMap(({ file, services }) =>
    [...services].flatMap(([service, value]) => {
      const words = wordsOf(value, tops);
      const ofNames = holders
        .filter(([name, allowed]) => !allowed.includes(service) && (words.has(name) || words.has(fileOf(name))))
        .map(([name]) => `${file} gives ${name} to ${service}, which is not its own`);
      const files = secretFilesOf(set, tops, service, value);
      const ofFiles = files.map(
        (path) => `${file} gives ${path} to ${service}, and with it secrets that are not its own`,
      );
      return [...new Set([...ofNames, ...ofFiles])];
    }),
  );
};
