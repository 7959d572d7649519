import type { Context } from 'mocha';
import { run } from './run.ts';
import { skip } from './skip.ts';

/** A tool that the scripts use when they are told to: a named skip without it, and a failure where CI is to have it. */
export const needTool = async (context: Context, tool: string): Promise<void> => {
  const found = await run(tool, [tool === 'age' ? '--version' : 'version']).catch(() => undefined);
  if (found?.code === 0) return;
  if (process.env.NEED_BACKUP_TOOLS) throw new Error(`${tool} is not installed`);
  skip(context, `${tool} is not installed`);
};
