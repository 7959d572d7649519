import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cost } from '../measure.ts';
import type { Clerk } from './clerk.ts';
import type { Workshop } from './workshop.ts';

/** A command that is measured in a copy of a prepared project. */
export type Contestant = {
  readonly name: string;
  readonly files: number;
  readonly project: string;
  readonly command: readonly string[];
  /** The exit code of the run that does what is measured. */
  readonly exit: number;
  /** Throws where the project is not what the command must leave. */
  readonly prove: (directory: string) => void;
};

/** Runs it once: only the command itself is measured, and only a run with the right outcome counts. */
export const runOnce = (
  workshop: Workshop,
  clerk: Clerk,
  { name, project, command, exit, prove }: Contestant,
): Cost => {
  const directory = workshop.path('run');
  execFileSync('cp', ['-a', project, directory]);
  // The copies are other inodes: git would read each of them again to see that it is the same.
  if (existsSync(join(directory, '.git'))) workshop.run(directory, 'git', 'update-index', '-q', '--refresh');
  try {
    const cost = clerk.measure(command, directory, exit);
    prove(directory);
    return cost;
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
