import type { DatabaseVariable, Queue, QueueVariable, Worker } from './model.ts';

const list = (rows: readonly string[]): string => (rows.length === 0 ? 'none' : rows.join(','));

/** What was found, in the words that the answer of the same name would have. */
export const rowText = (variables: readonly DatabaseVariable[]): string =>
  list(
    variables.map(({ name, form, text }) => `${name}=${form}${text === undefined || text === '' ? '' : `:${text}`}`),
  );

export const queueRow = ({ name, form, database }: QueueVariable): string =>
  `${name}=${form}${(form === 'url' || form === 'database') && database !== undefined ? `/${database}` : ''}`;

/** Of a server that is emitted; `none` for any other. */
export const queueText = (queue: Queue | undefined): string =>
  queue === undefined || (queue.server !== 'redis' && queue.server !== 'valkey')
    ? 'none'
    : list(queue.variables.map(queueRow));

export const workersText = (workers: readonly Worker[]): string =>
  workers.length === 0 ? 'none' : workers.map(({ role, command }) => `${role}: ${command.join(' ')}`).join('; ');
