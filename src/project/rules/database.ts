import type { DatabaseVariable, Driver, Finding, Notice } from '../model.ts';
import type { Context } from './context.ts';
export type Database = {
  readonly driver: Driver;
  readonly scheme: string;
  readonly variables: readonly DatabaseVariable[];
};
export const database = (
  _: Context,
): { database: Finding<Database> | undefined; others: readonly Finding<string>[]; notices: readonly Notice[] } => ({
  database: undefined,
  others: [],
  notices: [],
});
