import type { Door } from '../src/door.ts';
import type { Given } from '../src/gather.ts';
import { generate, type Request } from '../src/generate.ts';

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
