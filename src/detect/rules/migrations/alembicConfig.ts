import type { Evidence } from '../../model.ts';
import { readIni } from '../../read/ini.ts';
import { evidenceAt, folderOf, isBelow, joinPath, nameOf, normalisePath } from '../../read/paths.ts';
import { lineOf, listAt, readToml, tableAt, textAt } from '../../read/toml.ts';
import type { Context } from '../code/context.ts';

/** What a configuration of Alembic says, as far as it decides how it is run. */
export type AlembicConfig = {
  /** alembic.ini, or the pyproject.toml that stands for it. */
  readonly file: string;
  /** Folder of the scripts from the root of the project; undefined where it was not found. */
  readonly location: string | undefined;
  /** It is there only from this folder, which is not the one of the file. */
  readonly runsFrom: string | undefined;
  /** Sections that have scripts of their own, other than [alembic]. */
  readonly sections: readonly string[];
  /** Folders of version_locations. */
  readonly versions: readonly string[];
  readonly evidence: Evidence;
};

const aside = /(?:^|\/)(?:tests?|docs?|examples?|e2e|archive)\//;
const manifests = ['pyproject.toml', 'requirements.txt', 'Pipfile'];

/** Files named alembic.ini that may be the app's, the likeliest first: below its root, not below another app's; else above. */
const iniFiles = ({ view, root }: Context): readonly string[] => {
  const isOthers = (folder: string): boolean => {
    for (let at = folder; at !== root && isBelow(at, root) && at !== ''; at = folderOf(at)) {
      if (manifests.some((name) => view.has(joinPath(at, name)))) return true;
    }
    return false;
  };
  const all = view.files.filter((path) => nameOf(path) === 'alembic.ini' && !aside.test(path));
  const below = all.filter((path) => isBelow(path, root) && !isOthers(folderOf(path)));
  const above = all.filter((path) => root !== '' && !below.includes(path) && isBelow(root, folderOf(path)));
  return [...below, ...above.reverse()];
};

const parents = (folder: string): readonly string[] => {
  const all = [folder];
  for (let at = folder; at !== ''; at = folderOf(at)) all.push(folderOf(at));
  return all;
};

const isScripts = ({ view }: Context, folder: string): boolean =>
  view.has(joinPath(folder, 'env.py')) || view.isFolder(joinPath(folder, 'versions'));

const located = (
  context: Context,
  file: string,
  said: string,
): { readonly location: string | undefined; readonly runsFrom: string | undefined } => {
  const here = folderOf(file);
  const [, dotted, inside] = /^([\w.]+):(.+)$/.exec(said) ?? [];
  if (dotted !== undefined) {
    const path = `${dotted.replaceAll('.', '/')}/${inside}`;
    const bases = [...parents(here), context.root, joinPath(context.root, 'src')];
    return {
      location: bases.map((base) => normalisePath(joinPath(base, path))).find((folder) => isScripts(context, folder)),
      runsFrom: undefined,
    };
  }
  const path = said.replace(/^%\(here\)s\/?/, '');
  const own = normalisePath(joinPath(here, path));
  if (isScripts(context, own) || said.startsWith('%(here)s')) {
    return { location: context.view.isFolder(own) ? own : undefined, runsFrom: undefined };
  }
  // Alembic takes a relative path from where it is run.
  const from = [context.root, ...parents(here)].find(
    (base) => base !== here && isScripts(context, normalisePath(joinPath(base, path))),
  );
  if (from !== undefined) return { location: normalisePath(joinPath(from, path)), runsFrom: from };
  return { location: context.view.isFolder(own) ? own : undefined, runsFrom: undefined };
};

const versionFolders = (said: string): readonly string[] => said.split(/[\s,;:]+(?![\\/])/).filter(Boolean);

const ofIni = (context: Context, file: string): AlembicConfig | undefined => {
  const text = context.view.read(file);
  if (text === undefined) return undefined;
  const ini = readIni(text);
  const inherited = ini.get('DEFAULT')?.get('script_location');
  const main = ini.get('alembic')?.get('script_location') ?? (ini.has('alembic') ? inherited : undefined);
  const sections = [...ini.keys()].filter(
    (name) => name !== 'alembic' && name !== 'DEFAULT' && ini.get(name)?.has('script_location'),
  );
  const own = main ?? ini.get(sections[0] ?? '')?.get('script_location');
  // Since 1.16 what is the same everywhere may stand in pyproject.toml instead.
  const table = parents(folderOf(file)).flatMap((folder) => ofPyproject(context, folder) ?? [])[0];
  const first = own ?? table?.said;
  if (first === undefined) return undefined;
  const saidIn = own === undefined && table !== undefined ? table.file : file;
  return {
    file,
    ...located(context, saidIn, first.value),
    sections,
    versions: versionFolders(ini.get('alembic')?.get('version_locations')?.value ?? ''),
    evidence: evidenceAt(saidIn, first.line || undefined, `script_location = ${first.value}`),
  };
};

const ofPyproject = (context: Context, folder: string) => {
  const file = joinPath(folder, 'pyproject.toml');
  const text = context.view.read(file);
  const table = text === undefined ? undefined : readToml(text);
  const value = textAt(table, 'tool', 'alembic', 'script_location');
  if (text === undefined || value === undefined) return undefined;
  const said = { value, line: lineOf(text, 'script_location') ?? 0 };
  const versions = listAt(tableAt(table, 'tool', 'alembic'), 'version_locations');
  return { file, said, versions };
};

/** The configuration of Alembic that belongs to this app. */
export const alembicConfig = (context: Context): AlembicConfig | undefined => {
  for (const file of iniFiles(context)) {
    const config = ofIni(context, file);
    if (config !== undefined) return config;
  }
  for (const folder of parents(context.root)) {
    const { file, said, versions } = ofPyproject(context, folder) ?? {};
    if (file === undefined || said === undefined) continue;
    return {
      file,
      ...located(context, file, said.value),
      sections: [],
      versions: versions ?? [],
      evidence: evidenceAt(file, said.line || undefined, `script_location = ${said.value}`),
    };
  }
  return undefined;
};
