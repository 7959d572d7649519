import { type Entry, type Evidence, type Finding, type Framework, found, type Notice } from '../../model.ts';
import { evidenceAt, folderOf, isBelow, joinPath, nameOf } from '../../read/paths.ts';
import type { Expression, Python } from '../../read/python.ts';
import { lineOf, readToml, textAt } from '../../read/toml.ts';
import { type Command, optionOf } from '../code/commands.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';
import { moduleFile } from '../code/modulePaths.ts';
import { contradicts, pathRootOf } from './pathRoot.ts';

const servers = /^(?:uvicorn|gunicorn|hypercorn|granian|daphne|fastapi|litestar|quart)$/;
export const isServer = ({ words }: Command): boolean => servers.test(words[0]?.split('/').at(-1) ?? '');
const entryWord = /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)(\(\))?$/;

const classes: Readonly<Record<Framework, readonly string[]>> = {
  fastapi: ['FastAPI'],
  litestar: ['Litestar'],
  quart: ['Quart'],
  starlette: ['Starlette'],
  django: [],
  flask: [],
  'other-wsgi': [],
};

type Named = {
  readonly module: string;
  readonly attribute: string;
  readonly isFactory: boolean;
  readonly evidence: Evidence;
  /** Named by its file, so that its package is not known. */
  readonly byFile?: true;
};

const fromPyproject = ({ view, root }: Context): Named[] => {
  const path = joinPath(root, 'pyproject.toml');
  const text = view.read(path) ?? '';
  const [, module, attribute] = entryWord.exec(textAt(readToml(text), 'tool', 'fastapi', 'entrypoint') ?? '') ?? [];
  if (module === undefined || attribute === undefined) return [];
  return [
    {
      module,
      attribute,
      isFactory: false,
      evidence: evidenceAt(path, lineOf(text, 'entrypoint'), `entrypoint = ${module}:${attribute}`),
    },
  ];
};

const fromCommand = (command: Command): Named[] => {
  const { words, evidence } = command;
  if (!isServer(command)) return [];
  const given = optionOf(words, '--app') ?? words.find((word, index) => index > 0 && entryWord.test(word));
  const [, module, attribute, call] = entryWord.exec(given ?? '') ?? [];
  if (module !== undefined && attribute !== undefined) {
    return [{ module, attribute, isFactory: words.includes('--factory') || call !== undefined, evidence }];
  }
  // `fastapi run app/main.py`
  const file = words[0]?.endsWith('fastapi') ? words.find((word) => word.endsWith('.py')) : undefined;
  if (file === undefined) return [];
  const named = file.replace(/^\.?\/|\.py$/g, '').replaceAll('/', '.');
  return [{ module: named, attribute: 'app', isFactory: false, evidence, byFile: true }];
};

// uvicorn.run("app.main:app", …) in the code.
const fromCode = (context: Context): Named[] =>
  modulesWith(context, 'uvicorn.run', 'hypercorn', 'granian').flatMap((python) =>
    python.calls.flatMap(({ callee, args, line }) => {
      const [first] = args;
      if (!/^(?:uvicorn\.run|uvicorn\.Config|Granian|granian\.Granian)$/.test(callee) || first?.value.kind !== 'string')
        return [];
      const [, module, attribute] = entryWord.exec(first.value.value) ?? [];
      if (module === undefined || attribute === undefined) return [];
      const isFactory = args.some(({ name, value }) => name === 'factory' && value.text === 'True');
      return [{ module, attribute, isFactory, evidence: quoted(context.view, python.path, line) }];
    }),
  );

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

const calls = (expression: Expression | undefined, names: readonly string[]): boolean => {
  if (expression?.kind !== 'call') return false;
  if (names.includes(expression.callee.split('.').at(-1) ?? '')) return true;
  // A middleware around it: CORSMiddleware(app=FastAPI(), …).
  return expression.args.some(({ value }) => calls(value, names));
};

type Scored = {
  readonly python: Python;
  readonly attribute: string;
  readonly isFactory: boolean;
  readonly line: number;
  readonly score: number;
};

const scoreOf = (file: string, attribute: string, isFactory: boolean, root: string): number => {
  const names = ['app', 'application', 'asgi_app', 'asgi', 'api'];
  const files = ['main.py', 'app.py', 'asgi.py', 'server.py', '__main__.py', 'api.py', '__init__.py'];
  const rank = (list: readonly string[], word: string) => (list.includes(word) ? list.length - list.indexOf(word) : 0);
  const depth = file.slice(root.length).split('/').length;
  return rank(names, attribute) * 10 + rank(files, nameOf(file)) * 2 - depth - (isFactory ? 30 : 0);
};

// `app = create_app()` at the top of a module.
const makesApp = /^\w+(?:\s*:\s*[\w.]+)?\s*=\s*[\w.]*(?:create|make|build|get|init)_(?:app|application|api)\(/m;

/** What the code itself shows: a value of the framework's class at the top of a module, else a function that returns one. */
const byCode = (context: Context, framework: Framework): readonly Scored[] => {
  const wanted = classes[framework];
  const scored = modulesWith(context, ...wanted.flatMap((name) => [`${name}(`, `-> ${name}`]), makesApp).flatMap(
    (python): Scored[] => {
      const makers = python.functions.filter(
        ({ name, returns, within, decorators }) =>
          within.length === 0 &&
          decorators.length === 0 &&
          (wanted.includes(returns?.split('.').at(-1) ?? '') ||
            (/app/i.test(name) &&
              python.calls.some((call) => call.within[0] === name && call.within.length === 1 && calls(call, wanted)))),
      );
      const values = python.assignments.filter(
        ({ target, value, within }) =>
          within.length === 0 &&
          /^[A-Za-z_]\w*$/.test(target) &&
          (calls(value, wanted) ||
            (value?.kind === 'call' &&
              (makers.some(({ name }) => name === value.callee) ||
                /^(?:create|make|build|get|init)_(?:app|application|api)$/.test(value.callee)))),
      );
      return [
        ...values.map(({ target, line }) => ({
          python,
          attribute: target,
          isFactory: false,
          line,
          score: scoreOf(python.path, target, false, context.root),
        })),
        ...makers
          .filter(({ parameters }) => parameters.every(({ hasDefault }) => hasDefault))
          .map(({ name, line }) => ({
            python,
            attribute: name,
            isFactory: true,
            line,
            score: scoreOf(python.path, name, true, context.root),
          })),
      ];
    },
  );
  return [...scored].sort((one, other) => other.score - one.score);
};

const moduleName = (file: string, pathRoot: string): string =>
  (pathRoot === '' ? file : file.slice(pathRoot.length + 1)).replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.');

/** The entry that is written down somewhere and exists, else the one that the code shows. */
export const entryOf = (
  context: Context,
  framework: Framework,
): { readonly entry: Finding<Entry> | undefined; readonly notices: readonly Notice[] } => {
  const { view } = context;
  const named = [...fromPyproject(context), ...context.commands.flatMap(fromCommand), ...fromCode(context)];
  for (const { module, attribute, isFactory, evidence, byFile } of named) {
    const place = located(context, module);
    const python = place === undefined ? undefined : view.python(place.file);
    const kind = defines(python, attribute);
    if (place === undefined || python === undefined || kind === undefined) continue;
    const line = python.assignments.find(({ target, within }) => target === attribute && within.length === 0)?.line;
    const pathRoot =
      byFile || contradicts(context, python, place.pathRoot) ? pathRootOf(context, python) : place.pathRoot;
    const entry = `${moduleName(place.file, pathRoot)}:${attribute}`;
    return {
      entry: found(
        { entry, isFactory: isFactory || kind === 'function', file: place.file, pathRoot },
        'certain',
        evidence,
        ...(line === undefined ? [] : [quoted(view, place.file, line)]),
      ),
      notices: [],
    };
  }
  const scored = byCode(context, framework);
  const [best] = scored;
  if (best === undefined) return { entry: undefined, notices: [] };
  const rivals = scored.filter(
    ({ isFactory, attribute, python }) =>
      isFactory === best.isFactory && attribute === best.attribute && python !== best.python,
  );
  const pathRoot = pathRootOf(context, best.python);
  const entry = `${moduleName(best.python.path, pathRoot)}:${best.attribute}`;
  const evidence = quoted(view, best.python.path, best.line);
  return {
    entry: found(
      { entry, isFactory: best.isFactory, pathRoot, file: best.python.path },
      rivals.length === 0 ? 'likely' : 'guess',
      evidence,
    ),
    notices:
      rivals.length === 0
        ? []
        : [
            {
              id: 'several-entries',
              says: `the code has more than one app; ${entry} was taken`,
              evidence: [evidence, ...rivals.map(({ python, line }) => quoted(view, python.path, line))],
            },
          ],
  };
};

/** An entry that the user gave: its file, and the folder for PYTHONPATH; undefined where there is no such module. */
export const givenEntry = (context: Context, entry: string): Entry | undefined => {
  const [module = '', attribute = ''] = entry.split(':');
  const inPlace = moduleFile(context.view, context.root, module);
  const place = inPlace === undefined ? located(context, module) : { file: inPlace, pathRoot: context.root };
  if (place === undefined) return undefined;
  return { entry, isFactory: defines(context.view.python(place.file), attribute) === 'function', ...place };
};
