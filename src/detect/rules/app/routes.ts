import { argument } from '../../read/arguments.ts';
import type { Call, Expression, Python } from '../../read/python.ts';
import { constantText } from '../code/constants.ts';
import { type Context, modulesWith } from '../code/context.ts';
import { type Definition, definitionOf } from '../code/definitions.ts';

const methods = /^(?:get|post|put|patch|delete|head|websocket|api_route|route)$/;
const makers = /^(?:Route|APIRoute|WebSocketRoute|add_api_route|add_url_rule|add_route)$/;

type Route = {
  readonly path: string;
  readonly router: string | undefined;
  readonly python: Python;
  readonly line: number;
  /** Whether GET may ask it. */
  readonly isRead: boolean;
};

const owner = (callee: string): string => callee.split('.').slice(0, -1).join('.');
const method = (callee: string): string => callee.split('.').at(-1) ?? '';

const reads = /^(?:get|head|api_route|route|Route|APIRoute|add_api_route|add_url_rule|add_route)$/;

// Starlette: Mount("/api", routes=[Route("/health", …)]), the outer first.
const mountsAround = (python: Python, call: Call): string =>
  python.calls
    .filter(
      (outer) =>
        method(outer.callee) === 'Mount' && outer.text.length > call.text.length && outer.text.includes(call.text),
    )
    .sort((one, other) => other.text.length - one.text.length)
    .map(({ args }) => argument(args, 'path', 0))
    .map((path) => (path?.kind === 'string' ? path.value : ''))
    .join('');

// Starlette: `api = [Route("/health", …)]`, which a Mount takes in by its name.
const listAround = (python: Python, call: Call): string | undefined =>
  python.assignments.find(({ value }) => value?.kind === 'list' && value.text.includes(call.text))?.target;

/** Every route, as its decorator or its Route(…) names it. */
const routesIn = (context: Context, words: readonly string[]): readonly Route[] =>
  modulesWith(context, ...words).flatMap((python) =>
    python.calls.flatMap((call): Route[] => {
      const kind = method(call.callee);
      const isDecorator = methods.test(kind);
      const isRoute = makers.test(kind);
      if (!isDecorator && !isRoute) return [];
      const path = constantText(context, python, argument(call.args, 'path', 0) ?? argument(call.args, 'rule'));
      if (path === undefined) return [];
      return [
        {
          path: joinUrl(mountsAround(python, call), path),
          router: call.callee.includes('.') ? owner(call.callee) : isRoute ? listAround(python, call) : undefined,
          python,
          line: call.line,
          isRead: reads.test(kind),
        },
      ];
    }),
  );

type Scope = { readonly context: Context; readonly includes: readonly Include[] };
type Include = {
  readonly parent: string | undefined;
  readonly python: Python;
  readonly child: { readonly python: Python; readonly name: string };
  readonly prefix: string;
};

const joinUrl = (prefix: string, path: string): string => {
  const joined = `${prefix.replace(/\/$/, '')}${path === '' ? '' : `/${path.replace(/^\//, '')}`}`;
  return joined === '' ? '/' : joined.startsWith('/') ? joined : `/${joined}`;
};

const includers = /^(?:include_router|mount|register_blueprint|Mount|Router|include)$/;

/** Who takes in whom, under which prefix, over all modules. */
const includesOf = (context: Context): readonly Include[] =>
  modulesWith(context, 'include_router', '.mount(', 'register_blueprint', 'Mount(', 'route_handlers').flatMap(
    (python) =>
      python.calls.flatMap((call): Include[] => {
        const kind = method(call.callee);
        if (!includers.test(kind)) return [];
        const text = (expression: Expression | undefined) => constantText(context, python, expression);
        const children: (Expression | undefined)[] = [];
        let prefix: string | undefined = '';
        if (kind === 'include_router' || kind === 'register_blueprint' || kind === 'include') {
          children.push(argument(call.args, 'router', 0));
          const given = argument(call.args, 'prefix') ?? argument(call.args, 'url_prefix');
          prefix = given === undefined ? '' : text(given);
        } else {
          prefix = text(argument(call.args, 'path', kind === 'Router' ? undefined : 0));
          const list =
            argument(call.args, kind === 'Router' ? 'route_handlers' : 'routes') ?? argument(call.args, 'app', 1);
          children.push(...(list?.kind === 'list' ? list.items : [list]));
        }
        return children.flatMap((child): Include[] => {
          if (child?.kind !== 'name') return [];
          const target = named(definitionOf(context, python, child.text, []));
          return [
            {
              parent: call.callee.includes('.') ? owner(call.callee) : nameAssigned(python, call),
              python,
              child: target ?? { python, name: child.text },
              // A Litestar Router brings its own path, see ownPrefix.
              prefix: kind === 'Router' && nameAssigned(python, call) !== undefined ? '' : (prefix ?? ''),
            },
          ];
        });
      }),
  );

const named = (found: Definition | undefined): { python: Python; name: string } | undefined => {
  if (found?.kind === 'value') return { python: found.module, name: found.assignment.target };
  if (found?.kind === 'function') return { python: found.module, name: found.function.name };
  return found?.kind === 'class' ? { python: found.module, name: found.class.name } : undefined;
};

const nameAssigned = (python: Python, call: Call): string | undefined =>
  python.assignments.find(({ value }) => value?.kind === 'call' && value.text === call.text && value.line === call.line)
    ?.target;

/** The prefix that a router was made with. */
const ownPrefix = ({ context }: Scope, python: Python, router: string): string => {
  const made = python.assignments.find(({ target, value }) => target === router && value?.kind === 'call')?.value;
  if (made?.kind !== 'call') return '';
  const given =
    argument(made.args, 'prefix') ??
    argument(made.args, 'url_prefix') ??
    (method(made.callee) === 'Router' ? argument(made.args, 'path') : undefined);
  return given === undefined ? '' : (constantText(context, python, given) ?? '');
};

/** The whole path of a route: the prefixes of all that take its router in, up to the app. */
const fullPath = (scope: Scope, python: Python, router: string | undefined, path: string, depth = 0): string => {
  if (router === undefined || depth > 8) return path;
  const below = joinUrl(ownPrefix(scope, python, router), path);
  const include = scope.includes.find(
    ({ child, python: by, parent }) =>
      child.python === python && child.name === router && !(by === python && parent === router),
  );
  if (include === undefined) return below;
  return fullPath(scope, include.python, include.parent, joinUrl(include.prefix, below), depth + 1);
};

// Litestar: a handler that stands alone is taken in by name, one of a Controller has the class's path before it.
const outerOf = (python: Python, line: number): { router: string | undefined; prefix: string } => {
  const handler = python.functions.find((candidate) =>
    candidate.decorators.some((decorator) => decorator.kind === 'call' && decorator.line === line),
  );
  const inClass = handler?.within.at(-1);
  if (inClass === undefined) return { router: handler?.name, prefix: '' };
  const path = python.assignments.find(({ target, within }) => target === 'path' && within.at(-1) === inClass)?.value;
  return { router: inClass, prefix: path?.kind === 'string' ? path.value : '' };
};

/** The paths at which the app takes in another one, or files, as they are written there. */
export const mountPaths = (context: Context): readonly string[] =>
  modulesWith(context, '.mount(', 'Mount(').flatMap((python) =>
    python.calls
      .filter(({ callee }) => /^[mM]ount$/.test(method(callee)))
      .flatMap(({ args }) => constantText(context, python, argument(args, 'path', 0)) ?? []),
  );

/** A route with the prefixes of all that take it in; `path` keeps a trailing slash. */
export type WholeRoute = Pick<Route, 'path' | 'python' | 'line' | 'isRead'>;

/** The routes of the modules that have one of the words, as a client asks for them. */
export const routesOf = (context: Context, ...words: readonly string[]): readonly WholeRoute[] => {
  const routes = routesIn(context, words);
  const scope = { context, includes: routes.length === 0 ? [] : includesOf(context) };
  return routes.map(({ path, router, python, line, isRead }) => {
    if (router !== undefined) return { path: fullPath(scope, python, router, path), python, line, isRead };
    const outer = outerOf(python, line);
    return { path: fullPath(scope, python, outer.router, joinUrl(outer.prefix, path)), python, line, isRead };
  });
};
