import type { Finding, Frontend, Notice } from '../model.ts';
import type { Context } from './context.ts';
export const frontends = (_: Context): { frontends: readonly Finding<Frontend>[]; notices: readonly Notice[] } => ({
  frontends: [],
  notices: [],
});
