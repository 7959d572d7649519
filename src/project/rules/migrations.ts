import type { Finding, Migrations, Notice } from '../model.ts';
import type { Context } from './context.ts';
export const migrations = (
  _: Context,
): { migrations: Finding<Migrations> | undefined; notices: readonly Notice[] } => ({
  migrations: undefined,
  notices: [],
});
