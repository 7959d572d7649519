import { type Finding, found, type Notice, type Queue, type Worker } from '../../model.ts';
import type { Context } from '../code/context.ts';
import { named } from '../code/dependencies.ts';
import { queueOf } from '../queue/queue.ts';
import { workersInCode } from './code.ts';
import { targetOf, writtenWorkers } from './commands.ts';
import { inProcessNotices } from './inProcess.ts';

const unsupported = ['rq', 'huey', 'procrastinate', 'streaq', 'rocketry', 'faststream'];

const kindOf = ({ value }: Finding<Worker>): string => `${value.library} ${value.role}`;

/** The command of the project with the target that the code has: its own is not a module from the app's path root. */
const retargeted = (written: Finding<Worker>, coded: Finding<Worker>): Finding<Worker> => {
  const [own, other] = [targetOf(written.value), targetOf(coded.value)];
  if (other === undefined) return coded;
  const { command } = written.value;
  const at = written.value.library === 'celery' ? 2 : command.indexOf(own ?? '');
  if (at < 1) return coded;
  const value = { ...written.value, command: command.map((word, index) => (index === at ? other : word)) };
  return found(value, 'likely', ...written.evidence, ...coded.evidence);
};

const unsupportedNotices = ({ dependencies }: Context): readonly Notice[] =>
  named(dependencies, ...unsupported)
    .filter(({ group }) => group === '')
    .map(({ name, evidence }) => ({
      id: 'worker-unsupported',
      says: `${name} is a dependency; if it needs a worker of its own, that is not deployed`,
      evidence: [evidence],
    }));

/** Processes beside the app that do its jobs, and the server that they get them from. `pathRoot`: the folder on PYTHONPATH. */
export const workers = (
  context: Context,
  pathRoot: string,
): {
  readonly workers: readonly Finding<Worker>[];
  readonly queue: Finding<Queue> | undefined;
  readonly notices: readonly Notice[];
} => {
  const coded = workersInCode(context, pathRoot);
  const notices: Notice[] = [];
  const written = writtenWorkers(context, pathRoot).flatMap((worker) => {
    if (worker.confidence === 'certain') return [worker];
    const [same] = coded.filter((each) => kindOf(each) === kindOf(worker));
    const sameLibrary = same ?? coded.find(({ value }) => value.library === worker.value.library);
    if (sameLibrary) return [retargeted(worker, sameLibrary)];
    const says = `\`${worker.value.command.filter(Boolean).join(' ')}\` names no module of this app: this worker is not deployed`;
    notices.push({ id: 'worker-elsewhere', says, evidence: worker.evidence });
    return [];
  });
  const hasOwnBeat = written.some(({ value }) => value.command.some((word) => word === '-B' || word === '--beat'));
  const rest = coded.filter(
    (each) =>
      !written.some((other) => kindOf(other) === kindOf(each)) && !(hasOwnBeat && each.value.role === 'scheduler'),
  );
  // A second instance of Celery often only sends: which one works cannot be told.
  const celery = rest.filter((each) => kindOf(each) === 'celery worker');
  if (celery.length > 1) {
    const others = celery.slice(1).map(({ value }) => targetOf(value));
    const says = `there are several instances of Celery; ${targetOf(celery[0]?.value as Worker)} gets a worker, not ${others.join(', ')}`;
    notices.push({ id: 'worker-several', says, evidence: celery.flatMap(({ evidence }) => evidence) });
  }
  const { queue, notices: queueNotices } = queueOf(context);
  return {
    workers: [...written, ...rest.filter((each) => !celery.slice(1).includes(each))],
    queue,
    notices: [...notices, ...queueNotices, ...unsupportedNotices(context), ...inProcessNotices(context)],
  };
};
