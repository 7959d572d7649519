import { type Entry, type Finding, type Framework, found, type Notice } from '../../model.ts';
import { evidenceAt, folderOf, isBelow } from '../../read/paths.ts';
import type { Python } from '../../read/python.ts';
import { type Context, quoted } from '../code/context.ts';
import { moduleFile } from '../code/modulePaths.ts';
import { type Named, namedEntries } from './namedEntries.ts';
import { contradicts, pathRootOf } from './pathRoot.ts';
import { type Shown, shownEntries } from './shownEntries.ts';

const defines = (python: Python | undefined, attribute: string): 'value' | 'function' | undefined => {
  if (python === undefined) return undefined;
  if (python.assignments.some(({ target, within }) => target === attribute && within.length === 0)) return 'value';
  if (python.imports.some(({ local }) => local === attribute)) return 'value';
  return python.functions.some(({ name, within }) => name === attribute && within.length === 0)
    ? 'function'
    : undefined;
};

/** The file of a module that is named somewhere, wherever its path begins: in the app's folder first, the shortest way first. */
const located = ({ view, root, python }: Context, module: string): { file: string; pathRoot: string } | undefined => {
  const tail = module.replaceAll('.', '/');
  const hits = view.files
    .filter(
      (path) => path.endsWith('.py') && [`/${tail}.py`, `/${tail}/__init__.py`].some((end) => `/${path}`.endsWith(end)),
    )
    .map((file) => {
      const whole = file.endsWith('/__init__.py') && !tail.endsWith('__init__') ? folderOf(file) : file.slice(0, -3);
      return { file, pathRoot: whole.slice(0, whole.length - tail.length).replace(/\/$/, '') };
    });
  const ranked = hits
    .filter(({ file }) => isBelow(file, root) && python.includes(file))
    .sort((one, other) => one.pathRoot.length - other.pathRoot.length);
  return ranked[0];
};

const moduleName = (file: string, pathRoot: string): string =>
  (pathRoot === '' ? file : file.slice(pathRoot.length + 1)).replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.');

/** The entry that something names, where it is there. */
const writtenDown = (context: Context, named: Named): Finding<Entry> | undefined => {
  const { view } = context;
  const { module, attribute, isFactory, evidence, byFile } = named;
  const place = located(context, module);
  const python = place === undefined ? undefined : view.python(place.file);
  const kind = defines(python, attribute);
  if (place === undefined || python === undefined || kind === undefined) return undefined;
  const line = python.assignments.find(({ target, within }) => target === attribute && within.length === 0)?.line;
  const pathRoot =
    byFile || contradicts(context, python, place.pathRoot) ? pathRootOf(context, python) : place.pathRoot;
  const entry = `${moduleName(place.file, pathRoot)}:${attribute}`;
  return found(
    { entry, isFactory: isFactory || kind === 'function', file: place.file, pathRoot },
    'certain',
    evidence,
    ...(line === undefined ? [] : [quoted(view, place.file, line)]),
  );
};

type Seen = { readonly entry: Finding<Entry> | undefined; readonly notices: readonly Notice[] };

/** The likeliest of those that the code shows; with a word where another one is like it. */
const likeliest = (context: Context, shown: readonly Shown[]): Seen => {
  const { view } = context;
  const [best] = shown;
  if (best === undefined) return { entry: undefined, notices: [] };
  const rivals = shown.filter(
    ({ isFactory, attribute, python }) =>
      isFactory === best.isFactory && attribute === best.attribute && python !== best.python,
  );
  const pathRoot = pathRootOf(context, best.python);
  const entry = `${moduleName(best.python.path, pathRoot)}:${best.attribute}`;
  const evidence = quoted(view, best.python.path, best.line);
  const value = { entry, isFactory: best.isFactory, pathRoot, file: best.python.path };
  if (rivals.length === 0) return { entry: found(value, 'likely', evidence), notices: [] };
  return {
    entry: found(value, 'guess', evidence),
    notices: [
      {
        id: 'several-entries',
        says: `the code has more than one app; ${entry} was taken`,
        evidence: [evidence, ...rivals.map(({ python, line }) => quoted(view, python.path, line))],
      },
    ],
  };
};

/** The entry that is written down somewhere and exists, else the one that the code shows. */
export const entryOf = (context: Context, framework: Framework): Seen => {
  for (const named of namedEntries(context)) {
    const entry = writtenDown(context, named);
    if (entry !== undefined) return { entry, notices: [] };
  }
  return likeliest(context, shownEntries(context, framework));
};

/**
 * The entry that the user gave, `module:attribute`, with () behind a factory: its file, and the folder for PYTHONPATH; undefined
 * where there is no such module.
 */
export const givenEntry = (context: Context, told: string): Finding<Entry> | undefined => {
  const entry = told.replace(/\(\)$/, '');
  const [module = '', attribute = ''] = entry.split(':');
  const inPlace = moduleFile(context.view, context.root, module);
  const place = inPlace === undefined ? located(context, module) : { file: inPlace, pathRoot: context.root };
  if (place === undefined) return undefined;
  const isFactory = told.endsWith('()') || defines(context.view.python(place.file), attribute) === 'function';
  return found({ entry, isFactory, ...place }, 'certain', evidenceAt(place.file, undefined, 'named by you'));
};
