import type { Finding, Notice, QueueVariable, Worker } from '../model.ts';
import type { Context } from './context.ts';
export type Queue = { readonly server: 'redis' | 'valkey' | 'rabbitmq'; readonly variables: readonly QueueVariable[] };
export const workers = (
  _: Context,
  __: string,
): { workers: readonly Finding<Worker>[]; queue: Finding<Queue> | undefined; notices: readonly Notice[] } => ({
  workers: [],
  queue: undefined,
  notices: [],
});
