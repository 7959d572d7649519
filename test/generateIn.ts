import type { Given } from '../src/answers/gather.ts';
import type { Door } from '../src/base/door.ts';
import { generate, type Request } from '../src/cli/commands/generate.ts';

/** One run of the generator in a directory, without questions; the exit code. */
export const generateIn = (directory: string, door: Door, flags: Given, more: Partial<Request> = {}): Promise<number> =>
  generate(door, {
    directory,
    flags,
    yes: true,
    askAnswered: false,
    force: false,
    dryRun: false,
    diff: false,
    skipInstall: true,
    up: false,
    trust: false,
    ...more,
  });
