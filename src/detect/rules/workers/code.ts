import { type Confidence, type Finding, found, type Worker, type WorkerLibrary } from '../../model.ts';
import type { Assignment, Python } from '../../read/python.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';
import { definitionOf } from '../code/definitions.ts';
import { names } from '../code/dependencies.ts';
import { moduleOf } from '../code/modulePaths.ts';

type Found = Finding<Worker>;
type Role = Worker['role'];

const imports = ({ imports: all }: Python, pattern: RegExp): boolean => all.some(({ module }) => pattern.test(module));
const atTop = ({ within }: { readonly within: readonly string[] }): boolean => within.length === 0;

const worker = (
  { view }: Context,
  library: WorkerLibrary,
  role: Role,
  command: readonly string[],
  file: string,
  line: number,
  confidence: Confidence = 'likely',
): Found => found({ library, role, command }, confidence, quoted(view, file, line));

/** Instances of Celery at the top of a module, made there or by a factory. */
const celeryApps = (context: Context): readonly { readonly module: Python; readonly assignment: Assignment }[] =>
  modulesWith(context, 'elery').flatMap((module) =>
    module.assignments
      .filter((assignment) => {
        const { value, type, target } = assignment;
        if (!atTop(assignment) || value?.kind !== 'call' || !/^\w+$/.test(target)) return false;
        const callee = value.callee.split('.').at(-1) ?? '';
        if (callee === 'Celery') return imports(module, /^celery(?:\.|$)/);
        if (type === 'Celery') return true;
        const made = definitionOf(context, module, value.callee, []);
        if (made?.kind === 'class') return made.class.bases.some((base) => /(?:^|\.)Celery$/.test(base));
        if (made?.kind !== 'function') return false;
        const body = [...made.function.within, made.function.name].join('.');
        const makes = made.module.calls.some(
          (call) => /(?:^|\.)Celery$/.test(call.callee) && call.within.join('.') === body,
        );
        return made.function.returns === 'Celery' || makes;
      })
      .map((assignment) => ({ module, assignment })),
  );

const isEmpty = (text: string): boolean => /^(?:\{\s*\}|dict\(\s*\)|None)$/.test(text);

/** Where tasks are given times: only then does beat have anything to do. */
const celerySchedule = (context: Context): { readonly file: string; readonly line: number } | undefined => {
  for (const module of modulesWith(context, 'beat_schedule', 'BEAT_SCHEDULE', 'add_periodic_task')) {
    const assigned = module.assignments.find(
      ({ target, value }) => /(?:^|\.)(?:CELERY_?)?beat_?schedule$/i.test(target) && value && !isEmpty(value.text),
    );
    const called = module.calls.find(
      ({ callee, args }) =>
        /\.add_periodic_task$/.test(callee) ||
        args.some(({ name, value }) => /^(?:CELERY_?)?beat_?schedule$/i.test(name ?? '') && !isEmpty(value.text)) ||
        (/(?:^|\.)(?:conf|beat_schedule)\.update$/.test(callee) &&
          /["']beat_schedule["']|^\S*beat_schedule\.update/.test(
            `${callee} ${args.map(({ value }) => value.text).join(' ')}`,
          )),
    );
    const line = assigned?.line ?? called?.line;
    if (line !== undefined) return { file: module.path, line };
  }
  return undefined;
};

const celery = (context: Context, pathRoot: string): readonly Found[] => {
  const apps = celeryApps(context).flatMap(({ module, assignment }) => {
    const name = moduleOf(module.path, pathRoot);
    return name === undefined
      ? []
      : [{ target: `${name}:${assignment.target}`, file: module.path, line: assignment.line }];
  });
  const [first] = apps;
  if (first === undefined) return [];
  const schedule = celerySchedule(context);
  const scheduler = [
    'celery',
    '-A',
    first.target,
    'beat',
    '--loglevel',
    'INFO',
    '--schedule',
    '/tmp/celerybeat-schedule',
  ];
  return [
    ...apps.map(({ target, file, line }) =>
      worker(context, 'celery', 'worker', ['celery', '-A', target, 'worker', '--loglevel', 'INFO'], file, line),
    ),
    ...(schedule ? [worker(context, 'celery', 'scheduler', scheduler, schedule.file, schedule.line)] : []),
  ];
};

const arq = (context: Context, pathRoot: string): readonly Found[] =>
  modulesWith(context, 'functions', 'cron_jobs').flatMap((module) => {
    const name = moduleOf(module.path, pathRoot);
    const usesArq = imports(module, /^arq(?:\.|$)/);
    return module.classes.flatMap((each) => {
      const isBase = module.classes.some(({ bases }) => bases.includes(each.name));
      const gives = module.assignments.some(
        ({ target, within }) =>
          /^(?:functions|cron_jobs)$/.test(target) && within.length === 1 && within[0] === each.name,
      );
      const isArq = usesArq || (names(context.dependencies, 'arq') && /WorkerSettings$/.test(each.name));
      if (name === undefined || isBase || !gives || !isArq || each.within.length > 0) return [];
      return [worker(context, 'arq', 'worker', ['arq', `${name}.${each.name}`], module.path, each.line)];
    });
  });

const dramatiq = (context: Context, pathRoot: string): readonly Found[] => {
  const modules = modulesWith(context, 'dramatiq').filter((module) => imports(module, /^dramatiq(?:\.|$)/));
  const isBroker = (module: Python) => module.calls.some(({ callee }) => /(?:^|\.)set_broker$/.test(callee));
  const actorAt = (module: Python): number | undefined =>
    module.functions.find(({ decorators }) =>
      decorators.some((each) => /(?:^|\.)actor$/.test(each.kind === 'call' ? each.callee : each.text)),
    )?.line;
  const used = [...modules.filter(isBroker), ...modules.filter((module) => !isBroker(module) && actorAt(module))];
  const targets = used.flatMap(({ path }) => moduleOf(path, pathRoot) ?? []);
  const [first] = used;
  if (first === undefined || targets.length === 0 || !modules.some(actorAt)) return [];
  const line = first.calls.find(({ callee }) => /(?:^|\.)set_broker$/.test(callee))?.line ?? actorAt(first) ?? 1;
  return [worker(context, 'dramatiq', 'worker', ['dramatiq', ...targets], first.path, line)];
};

const saq = (context: Context, pathRoot: string): readonly Found[] =>
  modulesWith(context, 'saq').flatMap((module) => {
    const name = moduleOf(module.path, pathRoot);
    if (name === undefined || !imports(module, /^saq(?:\.|$)/)) return [];
    return module.assignments
      .filter((each) => {
        const text = each.value?.text ?? '';
        return atTop(each) && /["']?\bqueue["']?\s*[:=]/.test(text) && /["']?\bfunctions["']?\s*[:=]/.test(text);
      })
      .map(({ target, line }) => worker(context, 'saq', 'worker', ['saq', `${name}.${target}`], module.path, line));
  });

const taskiq = (context: Context, pathRoot: string): readonly Found[] => {
  const modules = modulesWith(context, 'taskiq', 'Broker', '.task');
  const inTaskiq = modules.filter((module) => imports(module, /^taskiq/));
  const named = (pattern: RegExp) =>
    inTaskiq.flatMap((module) =>
      module.assignments
        .filter((each) => atTop(each) && each.value?.kind === 'call' && pattern.test(each.value.text))
        .map(({ target, line }) => ({ module, target, line })),
    );
  // The one in memory is for tests: it has no worker.
  const brokers = named(/^(?!InMemory)[\w.]*Broker\s*\(/);
  const [broker] = brokers;
  const brokerModule = broker && moduleOf(broker.module.path, pathRoot);
  if (broker === undefined || brokerModule === undefined) return [];
  const tasks = modules
    .filter(
      (module) =>
        module.path !== broker.module.path &&
        module.functions.some(({ decorators }) =>
          // No pattern is made of the name: `brokers["("]` is one too.
          decorators.some((each) => {
            const said = `.${each.kind === 'call' ? each.callee : each.text}`;
            return [broker.target, 'async_shared_broker'].some((name) => said.endsWith(`.${name}.task`));
          }),
        ),
    )
    .flatMap(({ path }) => moduleOf(path, pathRoot) ?? []);
  const [scheduler] = named(/^(?:[\w.]*\.)?TaskiqScheduler\s*\(/);
  const schedulerModule = scheduler && moduleOf(scheduler.module.path, pathRoot);
  const command = (verb: Role, module: string, target: string) => ['taskiq', verb, `${module}:${target}`, ...tasks];
  return [
    worker(
      context,
      'taskiq',
      'worker',
      command('worker', brokerModule, broker.target),
      broker.module.path,
      broker.line,
    ),
    ...(scheduler && schedulerModule
      ? [
          worker(
            context,
            'taskiq',
            'scheduler',
            command('scheduler', schedulerModule, scheduler.target),
            scheduler.module.path,
            scheduler.line,
          ),
        ]
      : []),
  ];
};

/** Workers that the code has the parts of, whoever starts them. */
export const workersInCode = (context: Context, pathRoot: string): readonly Found[] =>
  [celery, arq, dramatiq, saq, taskiq].flatMap((find) => find(context, pathRoot));
