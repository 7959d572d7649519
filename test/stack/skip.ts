import type { Context } from 'mocha';

/** A skip says why in the report; it never looks like a pass. */
export const skip = (context: Context, reason: string): never => {
  const runnable = context.test ?? context.currentTest;
  if (runnable) runnable.title += ` (skipped: ${reason})`;
  return context.skip();
};
