import type { Context } from 'mocha';

/** A skip says why in the report; it never looks like a pass. */
export const skip = (context: Context, reason: string): never => {
  const runnable = context.test;
  if (runnable && 'type' in runnable && runnable.type === 'test') runnable.title += ` (skipped: ${reason})`;
  else console.log(`    skipped: ${reason}`);
  return context.skip();
};
