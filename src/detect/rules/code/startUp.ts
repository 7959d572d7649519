import { nameOf } from '../../read/paths.ts';
import type { Python } from '../../read/python.ts';
import type { View } from '../../view.ts';
import { type Context, modulesWith } from './context.ts';

type Site = { readonly module: Python; readonly within: readonly string[]; readonly line: number };

const startNames =
  /lifespan|startup|start_up|on_start|create_app|make_app|get_app|init_app|build_app|application_factory/i;
const deepest = 4;
const ordinary = new Set('main run init setup start'.split(' '));

/** Something that a person runs: what it does is not done when the app starts. */
const isTool = ({ module: { path, functions }, within }: Site): boolean =>
  /(?:^|\/)(?:scripts?|cli|commands?|management|tools?|manage|alembic|migrations?|revisions|versions)(?:\/|\.py$)/.test(
    path,
  ) ||
  functions.some(
    ({ name, decorators }) =>
      within.includes(name) && decorators.some(({ text }) => /\.(?:command|callback|option|argument)\b/.test(text)),
  );

const isStart = ({ module, within }: Site): boolean => {
  const functions = module.functions.filter(({ name }) => within.includes(name));
  // In no function: it runs when the module is imported, unless it is below `if __name__ == "__main__"`.
  if (functions.length === 0) return true;
  return functions.some(
    ({ name, decorators }) =>
      startNames.test(name) ||
      decorators.some(({ text }) => /on_event|lifespan|on_startup|before_serving|asynccontextmanager/.test(text)),
  );
};

/** Whether what stands there runs when the app starts: by itself, or because what runs then calls the function it is in. */
export const runsAtStart = (context: Context, site: Site): boolean => {
  const seen = new Set<string>();
  let level: readonly Site[] = [site];
  for (let depth = 0; depth < deepest && level.length > 0; depth += 1) {
    const open = level.filter((one) => !isTool(one) && !isBelowMain(context.view, one.module.path, one.line));
    if (open.some(isStart)) return true;
    const callers = open.flatMap(({ module, within }) => {
      const name = within.findLast((one) => module.functions.some((each) => each.name === one));
      if (name === undefined || seen.has(name)) return [];
      seen.add(name);
      // Every program has a `main`: only that of this file is meant.
      return callersOf(context, name, ordinary.has(name) ? module : undefined);
    });
    level = callers;
  }
  return false;
};

/** Whether a line runs only when its file is run as a program. */
export const isBelowMain = (view: View, path: string, line: number): boolean => {
  const lines = view.read(path)?.split('\n') ?? [];
  const main = lines.findIndex((text) => /^if\s+__name__\s*==/.test(text));
  return main !== -1 && line > main + 1 && /^\s/.test(lines[line - 1] ?? '');
};

// Called, or handed over: `on_startup=[init_db]`, `add_event_handler("startup", init_db)`, `to_thread(init_db)`.
const callersOf = (context: Context, name: string, only: Python | undefined): readonly Site[] => {
  const stem = only === undefined ? '' : nameOf(only.path).replace(/\.py$/, '.');
  const isCall = (callee: string, module: Python) =>
    only === undefined || only === module
      ? callee === name || callee.endsWith(`.${name}`)
      : callee === stem + name || callee.endsWith(`.${stem}${name}`);
  return modulesWith(context, only === undefined ? name : `${stem}${name}`, `${name}()`).flatMap((module) =>
    module.calls
      .filter(({ callee }) => isCall(callee, module))
      .map(({ within, line }) => ({ module, within, line }))
      .concat(
        module.calls
          .filter(({ args }) => only === undefined && args.some(({ value }) => handsOver(value, name)))
          .map(({ args, within, line }) => ({
            module,
            line,
            within: args.some(({ name: key, value }) => key === 'on_startup' || value.text.includes('startup'))
              ? []
              : within,
          })),
      ),
  );
};

const handsOver = (value: Python['calls'][number]['args'][number]['value'], name: string): boolean =>
  (value.kind === 'name' && (value.text === name || value.text.endsWith(`.${name}`))) ||
  (value.kind === 'list' && value.items.some((item) => item.kind === 'name' && item.text.split('.').at(-1) === name));
