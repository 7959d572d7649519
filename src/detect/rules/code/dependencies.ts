import { isMap } from '../../../base/files.ts';
import type { Evidence } from '../../model.ts';
import { evidenceAt, folderOf, joinPath, normalisePath } from '../../read/paths.ts';
import type { Expression } from '../../read/python.ts';
import { normalised, readRequirement, readRequirements } from '../../read/requirement.ts';
import { at, lineOf, listAt, readToml, type Table, tableAt } from '../../read/toml.ts';
import type { View } from '../../view.ts';

/** One declared dependency; `group`: '' for what always is installed, else `extra:NAME` or `group:NAME`. */
export type Dependency = {
  readonly name: string;
  readonly extras: readonly string[];
  readonly specifier: string;
  readonly group: string;
  readonly evidence: Evidence;
};
export type Dependencies = readonly Dependency[];

export const named = (dependencies: Dependencies, ...names: readonly string[]): readonly Dependency[] =>
  dependencies.filter(({ name }) => names.includes(name));
export const names = (dependencies: Dependencies, ...wanted: readonly string[]): boolean =>
  named(dependencies, ...wanted).length > 0;

const pep508 = (file: string, text: string, group: string, rows: readonly string[]): Dependency[] =>
  rows.flatMap((row) => {
    const requirement = readRequirement(row);
    return requirement === undefined
      ? []
      : [{ ...requirement, group, evidence: evidenceAt(file, lineOf(text, row), row) }];
  });

// `name = "^1.2"` or `name = { version = "…", extras = […] }` of Poetry and Pipenv.
const poetic = (file: string, text: string, group: string, table: Table): Dependency[] =>
  Object.entries(table)
    .filter(([name]) => name !== 'python')
    .map(([name, said]) => ({
      name: normalised(name),
      extras: listAt(said, 'extras').map(normalised),
      specifier: typeof said === 'string' ? said : String((isMap(said) ? said.version : undefined) ?? ''),
      group,
      evidence: evidenceAt(file, lineOf(text, name, '='), name),
    }));

const ofPyproject = (file: string, text: string): Dependency[] => {
  const table = readToml(text);
  const tool = tableAt(table, 'tool');
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['', listAt(table, 'project', 'dependencies')],
    ...Object.keys(tableAt(table, 'project', 'optional-dependencies')).map(
      (name) => [`extra:${name}`, listAt(table, 'project', 'optional-dependencies', name)] as const,
    ),
    ...Object.keys(tableAt(table, 'dependency-groups')).map(
      (name) => [`group:${name}`, listAt(table, 'dependency-groups', name)] as const,
    ),
    ['group:dev', listAt(tool, 'uv', 'dev-dependencies')],
    ...Object.keys(tableAt(tool, 'pdm', 'dev-dependencies')).map(
      (name) => [`group:${name}`, listAt(tool, 'pdm', 'dev-dependencies', name)] as const,
    ),
  ];
  const groups = tableAt(tool, 'poetry', 'group');
  return [
    ...lists.flatMap(([group, rows]) => pep508(file, text, group, rows)),
    ...poetic(file, text, '', tableAt(tool, 'poetry', 'dependencies')),
    ...poetic(file, text, 'group:dev', tableAt(tool, 'poetry', 'dev-dependencies')),
    ...Object.keys(groups).flatMap((name) =>
      poetic(file, text, `group:${name}`, tableAt(groups, name, 'dependencies')),
    ),
  ];
};

const devName = /(?:^|[-_./])(?:dev|develop|development|test|tests|testing|lint|docs?|ci|local)(?:[-_.]|$)/;

const ofRequirements = (view: View, path: string, group: string, seen: Set<string>): Dependency[] => {
  if (seen.has(path)) return [];
  seen.add(path);
  const text = view.read(path);
  if (text === undefined) return [];
  const { requirements, includes } = readRequirements(text);
  const folder = folderOf(path);
  return [
    ...requirements.map(({ line, ...requirement }) => ({
      ...requirement,
      group,
      evidence: evidenceAt(path, line, `${requirement.name}${requirement.specifier}`),
    })),
    ...includes.flatMap((include) => ofRequirements(view, normalisePath(joinPath(folder, include)), group, seen)),
  ];
};

/** A file of requirements, and all that it includes. */
export const includedFiles = (view: View, path: string): readonly string[] => {
  const files = new Set([path]);
  // The set grows while it is walked.
  for (const file of files) {
    for (const include of readRequirements(view.read(file) ?? '').includes) {
      const included = normalisePath(joinPath(folderOf(file), include));
      if (view.has(included)) files.add(included);
    }
  }
  return [...files];
};

/** requirements.txt, requirements/*.txt and the like, beside the manifest; what is for development comes last. */
export const requirementFiles = (view: View, root: string): readonly string[] => {
  const isDev = (path: string) => devName.test(path.slice(root.length));
  const below = view.files.filter((path) => {
    const rest = root === '' ? path : path.startsWith(`${root}/`) ? path.slice(root.length + 1) : undefined;
    return rest !== undefined && /^(?:requirements\/[^/]*|[^/]*requirements[^/]*)\.(?:txt|in)$/.test(rest);
  });
  const exact = joinPath(root, 'requirements.txt');
  return [...below].sort(
    (one, other) => Number(other === exact) - Number(one === exact) || Number(isDev(one)) - Number(isDev(other)),
  );
};

/** An argument of setup(…) in a setup.py, which is read and never run. */
export const setupArgument = (
  view: View,
  path: string,
  name: string,
): { readonly value: Expression; readonly line: number } | undefined => {
  const call = view.has(path)
    ? view.python(path)?.calls.find(({ callee }) => /(?:^|\.)setup$/.test(callee))
    : undefined;
  const value = call?.args.find((argument) => argument.name === name)?.value;
  return call === undefined || value === undefined ? undefined : { value, line: call.line };
};

const ofSetup = (view: View, path: string): Dependency[] => {
  const list = setupArgument(view, path, 'install_requires');
  if (list?.value.kind !== 'list') return [];
  const rows = list.value.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
  return pep508(path, view.read(path) ?? '', '', rows);
};

/** What the manifests of one folder declare, from whatever format. */
export const dependenciesOf = (view: View, root: string): Dependencies => {
  const pyproject = joinPath(root, 'pyproject.toml');
  const pipfile = joinPath(root, 'Pipfile');
  const text = view.read(pyproject);
  const pipfileText = view.read(pipfile);
  const pipfileTable = pipfileText === undefined ? undefined : readToml(pipfileText);
  const seen = new Set<string>();
  return [
    ...(text === undefined ? [] : ofPyproject(pyproject, text)),
    ...(pipfileText === undefined
      ? []
      : [
          ...poetic(pipfile, pipfileText, '', tableAt(pipfileTable, 'packages')),
          ...poetic(pipfile, pipfileText, 'group:dev', tableAt(pipfileTable, 'dev-packages')),
        ]),
    ...ofSetup(view, joinPath(root, 'setup.py')),
    ...requirementFiles(view, root).flatMap((path) =>
      ofRequirements(view, path, devName.test(path.slice(root.length)) ? 'group:dev' : '', seen),
    ),
  ];
};

/** Whether `[tool.NAME]` is in the pyproject.toml of a folder. */
export const hasTool = (view: View, root: string, tool: string): boolean =>
  at(readToml(view.read(joinPath(root, 'pyproject.toml')) ?? ''), 'tool', tool) !== undefined;
