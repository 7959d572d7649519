import type { Evidence, Notice } from '../../model.ts';
import type { Call, Expression, Python, Function as PythonFunction } from '../../read/python.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';

const starts = /(?:^|[._])(?:create_(?:\w+_)?task|ensure_future|start_soon)$|(?:^|\.)Thread$/;
const atStart = /lifespan|start|init|boot|setup|register|background|^main$|run/i;
const perRequest = /\.(?:websocket|get|post|put|patch|delete|route|task|actor)$/;

const textOf = (decorator: Expression): string => (decorator.kind === 'call' ? decorator.callee : decorator.text);

/** Whether a call stands in what runs once when the app starts, not in the handler of a request. */
const runsAtStart = (module: Python, call: Call & { readonly within: readonly string[] }): boolean => {
  const outer = module.functions.filter(({ name, within }) =>
    [...within, name].every((part, index) => call.within[index] === part),
  );
  return (
    outer.some(
      ({ name, decorators }) => atStart.test(name) || decorators.some((each) => /on_event/.test(textOf(each))),
    ) && !outer.some(({ decorators }) => decorators.some((each) => perRequest.test(textOf(each))))
  );
};

const loops = ({ view }: Context, module: Python, { line, name }: PythonFunction): boolean => {
  const lines = view.read(module.path)?.split('\n') ?? [];
  const indentOf = (text: string) => text.length - text.trimStart().length;
  const start = lines.findIndex((text, index) => index >= line - 1 && text.includes(`def ${name}`));
  const outer = indentOf(lines[start] ?? '');
  for (const text of lines.slice(start + 1)) {
    if (text.trim() !== '' && indentOf(text) <= outer && !/^\s*[)\]]/.test(text)) return false;
    if (/^\s*(?:while (?:True|1|not|self|\w+\.\w+)\b|async for )/.test(text)) return true;
  }
  return false;
};

/** The function that a task runs: `create_task(poll())`, `create_permanent_task(poll)`, `Thread(target=poll)`. */
const namesOf = ({ args }: Call): readonly string[] =>
  args.flatMap(({ value }) => {
    const name = value.kind === 'call' ? value.callee : value.kind === 'name' ? value.text : undefined;
    return name === undefined ? [] : [name.split('.').at(-1) ?? ''];
  });

/** Loops and schedules that run inside the app: with several processes or replicas each of them runs its own. */
export const inProcessNotices = (context: Context): readonly Notice[] => {
  const evidence: Evidence[] = [];
  const see = (module: Python, line: number) => evidence.push(quoted(context.view, module.path, line));
  for (const module of modulesWith(context, 'apscheduler', 'repeat_every', 'rocketry')) {
    const isScheduler = /^(?:AsyncIO|Background)Scheduler$|^Rocketry$/;
    const schedulers = module.calls.filter(({ callee }) => isScheduler.test(callee.split('.').at(-1) ?? ''));
    const repeated = module.functions.filter(({ decorators }) =>
      decorators.some((each) => /(?:^|\.)repeat_every$/.test(textOf(each))),
    );
    for (const { line } of [...schedulers, ...repeated]) see(module, line);
  }
  const functions = new Map<string, { readonly module: Python; readonly function: PythonFunction }[]>();
  const starters = modulesWith(context, '_task(', 'ensure_future(', 'start_soon(', 'Thread(').flatMap((module) =>
    module.calls
      .filter((call) => starts.test(call.callee) && runsAtStart(module, call))
      .map((call) => ({ module, call })),
  );
  if (starters.length > 0) {
    for (const module of modulesWith(context, 'while ', 'async for ')) {
      for (const each of module.functions) {
        functions.set(each.name, [...(functions.get(each.name) ?? []), { module, function: each }]);
      }
    }
  }
  for (const { module, call } of starters) {
    const run = namesOf(call).flatMap((name) => functions.get(name) ?? []);
    if (run.some((each) => loops(context, each.module, each.function))) see(module, call.line);
  }
  const says =
    'runs in each replica of the app and in each of its processes: keep one of both, or move it into a worker';
  return evidence.length === 0
    ? []
    : [{ id: 'in-process-loop', says: `a loop or a schedule ${says}`, evidence: evidence.slice(0, 10) }];
};
