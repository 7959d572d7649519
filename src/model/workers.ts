import type { Project } from './project.ts';

const healthOf = (program: string, command: readonly string[]): readonly string[] => {
  const app = command.findIndex((word) => word === '-A' || word === '--app');
  const isCelery = program === 'celery' && command.includes('worker') && app !== -1 && app + 1 < command.length;
  // Asks this worker over the queue; of the others only that the queue can be reached is known.
  return isCelery
    ? ['sh', '-c', `celery -A ${command[app + 1]} inspect ping --timeout 5 --destination "celery@$$HOSTNAME"`]
    : ['python', '-c', "import socket; socket.create_connection(('queue', 6379), 5).close()"];
};

/** As many processes as one CPU and the memory of the service carry: by itself each library takes one for each CPU of the host. */
const processes = '2';
const says = (command: readonly string[], options: RegExp): boolean => command.some((word) => options.test(word));

const withProcesses = (command: readonly string[]): readonly string[] => {
  const [program] = command;
  const isCelery = program === 'celery' && command.includes('worker');
  if (isCelery && !says(command, /^(?:-c|--concurrency|--autoscale|-P|--pool)(?:=|$)/)) {
    return [...command, '--concurrency', processes];
  }
  const isDramatiq = program === 'dramatiq' && !says(command, /^(?:-p|--processes)(?:=|$)/);
  return isDramatiq ? [...command, '--processes', processes] : command;
};

/** The services beside the app that run its image: `worker`, `scheduler`, and with a number where there are several. */
export const buildWorkers = ({ workers, queueVariables: queue }: Project) => {
  const counts = new Map<string, number>();
  return workers.map(({ role, command }) => {
    const count = (counts.get(role) ?? 0) + 1;
    counts.set(role, count);
    const usesQueue = queue.length > 0;
    return {
      service: count === 1 ? role : `${role}-${count}`,
      command: JSON.stringify(withProcesses(command)).replaceAll('","', '", "'),
      health: usesQueue
        ? JSON.stringify(['CMD', ...healthOf(command[0] ?? '', command)]).replaceAll('","', '", "')
        : '',
      hasHealth: usesQueue,
    };
  });
};
