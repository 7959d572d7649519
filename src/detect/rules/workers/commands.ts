import { type Finding, found, type Worker, type WorkerLibrary } from '../../model.ts';
import { joinPath, nameOf } from '../../read/paths.ts';
import { shellCommands, withoutLauncher } from '../../read/shell.ts';
import { type Command, optionOf } from '../code/commands.ts';
import type { Context } from '../code/context.ts';

const tools = ['celery', 'arq', 'dramatiq', 'saq', 'taskiq', 'litestar'];
const schedule = '/tmp/celerybeat-schedule';

/** The words from the tool on: what watches files and starts it again is for development. */
const fromTool = (words: readonly string[]): readonly string[] => {
  if (!/^(?:watchmedo|watchfiles|hupper|nodemon)$/.test(nameOf(words[0] ?? ''))) return words;
  const inner = words.find((word) => /\s/.test(word) && tools.some((tool) => word.includes(`${tool} `)));
  if (inner !== undefined) return shellCommands(inner)[0] ?? [];
  const at = words.findIndex((word, index) => index > 0 && tools.includes(nameOf(word)));
  return at === -1 ? words : withoutLauncher(words.slice(at));
};

/** Options without those that are named, each with its value where it takes one. */
const without = (words: readonly string[], valued: readonly string[], flags: readonly string[]): string[] => {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (flags.includes(word)) continue;
    if (valued.some((option) => word.startsWith(`${option}=`))) continue;
    if (valued.includes(word)) index += 1;
    else kept.push(word);
  }
  return kept;
};

/** Options whose value only a shell would fill in are left out: no shell runs this. */
const withoutVariables = (words: readonly string[]): string[] => {
  const kept: string[] = [];
  for (const word of words) {
    if (!word.includes('$')) kept.push(word);
    else if (!word.startsWith('-') && /^-/.test(kept.at(-1) ?? '') && !kept.at(-1)?.includes('=')) kept.pop();
  }
  return kept;
};

const targets = ['-A', '--app'];

const celery = (words: readonly string[]): Worker | undefined => {
  const verb = ['worker', 'beat'].find((each) => words.includes(each));
  const target = optionOf(words, ...targets) ?? words.map((word) => /^-A(\S+)/.exec(word)?.[1]).find(Boolean);
  if (verb === undefined || words.includes('multi')) return undefined;
  const app = target === undefined || target.includes('$') ? '' : target;
  const rest = without(
    withoutVariables(words.slice(1).filter((word) => word !== verb && !/^-A\S/.test(word))),
    [...targets, '--workdir', '--pidfile', '--uid', '--gid', '--logfile', '-f', '--statedb'],
    ['--detach', '-D', '--autoreload'],
  );
  const hasBeat = rest.some((word) => word === '-B' || word === '--beat');
  const keepsOwn = optionOf(rest, '-S', '--scheduler') !== undefined;
  // The root file system is read-only.
  const scheduled =
    (verb === 'beat' || hasBeat) && !keepsOwn
      ? [...without(rest, ['-s', '--schedule', '--schedule-filename'], []), '--schedule', schedule]
      : rest;
  const role = verb === 'beat' ? 'scheduler' : 'worker';
  return { library: 'celery', role, command: ['celery', '-A', app, verb, ...scheduled] };
};

const workerOf = (said: readonly string[]): Worker | undefined => {
  const words = fromTool(said);
  const tool = nameOf(words[0] ?? '');
  const rest = words.slice(1);
  const simple = (library: WorkerLibrary, kept: readonly string[], role: Worker['role'] = 'worker'): Worker => ({
    library,
    role,
    command: [tool, ...withoutVariables(kept)],
  });
  if (rest.includes('--help') || rest.includes('--version') || rest.includes('--check')) return undefined;
  switch (tool) {
    case 'celery':
      return celery(words);
    case 'arq':
      return rest.some((word) => word.includes('.')) ? simple('arq', without(rest, ['--watch', '-w'], [])) : undefined;
    case 'dramatiq':
      return rest.length > 0
        ? simple('dramatiq', without(rest, ['--watch', '--pid-file', '--log-file'], ['--watch-use-polling']))
        : undefined;
    case 'saq':
      return rest.some((word) => word.includes('.')) ? simple('saq', rest) : undefined;
    case 'taskiq': {
      const [verb] = rest;
      if (verb !== 'worker' && verb !== 'scheduler') return undefined;
      const kept = without(rest, ['--reload-dir'], ['--reload', '-r', '--do-not-use-gitignore']);
      return simple('taskiq', kept, verb === 'worker' ? 'worker' : 'scheduler');
    }
    case 'litestar':
      return rest.includes('workers') && rest.includes('run') ? simple('saq', rest) : undefined;
    default:
      return undefined;
  }
};

/** The first dotted word of a command: what the worker loads. */
export const targetOf = ({ library, command }: Worker): string | undefined => {
  if (command[0] === 'litestar') return undefined;
  if (library === 'celery') return command[2] || undefined;
  const words = command.slice(library === 'taskiq' ? 2 : 1);
  return words.find((word) => /^[A-Za-z_][\w.:]*$/.test(word));
};

/** Whether a module that a command names is a file of the app. */
const resolves = ({ view }: Context, pathRoot: string, target: string): boolean => {
  const module = target.split(':')[0] ?? '';
  const path = joinPath(pathRoot, module.replaceAll('.', '/'));
  const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  return (
    [
      `${path}.py`,
      `${path}/__init__.py`,
      ...(target.includes('.') && above !== '' ? [`${above}.py`, `${above}/__init__.py`] : []),
    ].some((candidate) => view.has(candidate)) || view.has(`${path}/celery.py`)
  );
};

const isForDevelopment = ({ evidence }: Command): boolean =>
  /(?:^|[._/-])(?:dev|develop|local|test|override)/.test(evidence.file);

/** Workers as the project runs them itself, each once; where several places run one, those that containers run count. */
export const writtenWorkers = (context: Context, pathRoot: string): readonly Finding<Worker>[] => {
  const seen = context.commands
    .flatMap((command) => {
      const worker = workerOf(command.words);
      return worker === undefined ? [] : [{ command, worker }];
    })
    .sort((one, other) => Number(isForDevelopment(one.command)) - Number(isForDevelopment(other.command)));
  const chosen = new Map<string, { readonly place: string; readonly finding: Finding<Worker> }>();
  for (const { command, worker } of seen) {
    const kind = `${worker.library} ${worker.role}`;
    const queues = optionOf(worker.command, '-Q', '--queues') ?? '';
    const target = targetOf(worker);
    // One place counts for each kind: another says the same again, with other options.
    const place = `${command.where} ${isForDevelopment(command)}`;
    const first = [...chosen].find(([key]) => key.startsWith(`${kind} `))?.[1];
    if (first && first.place !== place) continue;
    const key = `${kind} ${worker.library === 'celery' ? queues : worker.command.join(' ')}`;
    if (chosen.has(key)) continue;
    const isKnown = command.words[0] === 'litestar' || (target !== undefined && resolves(context, pathRoot, target));
    chosen.set(key, { place, finding: found(worker, isKnown ? 'certain' : 'guess', command.evidence) });
  }
  return [...chosen.values()].map(({ finding }) => finding);
};
