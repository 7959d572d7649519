import type { Finding, RequiredVariable } from '../model.ts';
import type { Context } from './context.ts';
export const requiredVariables = (
  _: Context,
  __: ReadonlySet<string>,
): { required: readonly Finding<RequiredVariable>[]; signing: readonly Finding<string>[] } => ({
  required: [],
  signing: [],
});
