import type { Framework } from '../../model.ts';
import { nameOf } from '../../read/paths.ts';
import type { Assignment, Expression, Python, Function as PythonFunction } from '../../read/python.ts';
import { type Context, modulesWith } from '../code/context.ts';

const classes: Readonly<Record<Framework, readonly string[]>> = {
  fastapi: ['FastAPI'],
  litestar: ['Litestar'],
  quart: ['Quart'],
  starlette: ['Starlette'],
  django: [],
  flask: [],
  'other-wsgi': [],
};

const calls = (expression: Expression | undefined, names: readonly string[]): boolean => {
  if (expression?.kind !== 'call') return false;
  if (names.includes(expression.callee.split('.').at(-1) ?? '')) return true;
  // A middleware around it: CORSMiddleware(app=FastAPI(), …).
  return expression.args.some(({ value }) => calls(value, names));
};

/** An app that the code makes; the higher its score, the likelier it is the one that is served. */
export type Shown = {
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

/** Functions at the top that give an app: by their annotation, or by what they make. */
const makersIn = (python: Python, wanted: readonly string[]): readonly PythonFunction[] =>
  python.functions.filter(
    ({ name, returns, within, decorators }) =>
      within.length === 0 &&
      decorators.length === 0 &&
      (wanted.includes(returns?.split('.').at(-1) ?? '') ||
        (/app/i.test(name) &&
          python.calls.some((call) => call.within[0] === name && call.within.length === 1 && calls(call, wanted)))),
  );

/** Names at the top that hold an app. */
const valuesIn = (
  python: Python,
  wanted: readonly string[],
  makers: readonly PythonFunction[],
): readonly Assignment[] =>
  python.assignments.filter(
    ({ target, value, within }) =>
      within.length === 0 &&
      /^[A-Za-z_]\w*$/.test(target) &&
      (calls(value, wanted) ||
        (value?.kind === 'call' &&
          (makers.some(({ name }) => name === value.callee) ||
            /^(?:create|make|build|get|init)_(?:app|application|api)$/.test(value.callee)))),
  );

/** What the code itself shows: a value of the framework's class at the top of a module, else a function that returns one. */
export const shownEntries = (context: Context, framework: Framework): readonly Shown[] => {
  const wanted = classes[framework];
  const words = [...wanted.flatMap((name) => [`${name}(`, `-> ${name}`]), makesApp];
  const shown = modulesWith(context, ...words).flatMap((python) => {
    const makers = makersIn(python, wanted);
    const of = (attribute: string, line: number, isFactory: boolean): Shown => ({
      python,
      attribute,
      isFactory,
      line,
      score: scoreOf(python.path, attribute, isFactory, context.root),
    });
    return [
      ...valuesIn(python, wanted, makers).map(({ target, line }) => of(target, line, false)),
      ...makers
        .filter(({ parameters }) => parameters.every(({ hasDefault }) => hasDefault))
        .map(({ name, line }) => of(name, line, true)),
    ];
  });
  return [...shown].sort((one, other) => other.score - one.score);
};
