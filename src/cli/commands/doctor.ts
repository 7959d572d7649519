import type { Door } from '../../base/door.ts';
import { isThere } from '../../base/files.ts';
import { printableLines } from '../../base/printable.ts';
import { Refusal } from '../../base/refusal.ts';
import { lockFile } from '../../changes/lock.ts';
import { inspectAll } from '../../changes/plan.ts';
import { renderAsStored } from '../pipeline.ts';
import type { Request } from '../request.ts';
import { runOwnScript } from './ownScript.ts';

export type DoctorRequest = Pick<Request, 'directory' | 'trust'>;

const parts = ['deploy', 'lib', 'releases', 'preflight', 'schema', 'new-database'];
const isOfDoctor = (to: string): boolean => parts.some((name) => to === `scripts/${name}.sh`);

/**
 * What `scripts/deploy.sh --dry-run` says, in its words and with its exit code, by the scripts of this version: also where those of the
 * project were edited, are older, or are missing.
 */
export const doctor = async (door: Door, { directory, trust }: DoctorRequest): Promise<number> => {
  if (!isThere(directory, lockFile)) {
    throw new Refusal('There is no deployment to look at:', [
      `${directory} has no ${lockFile}; another folder: ${door.run('doctor --output ../my-app')}`,
    ]);
  }
  // Lines of a team's own in these scripts run here and now.
  const { files } = await renderAsStored(door, directory, { trust, runs: isOfDoctor });
  // The scripts read what is there, and would wait for a pipe.
  inspectAll(
    directory,
    files.map(({ artifact }) => artifact.to),
  );
  const own = files.filter(({ artifact: { to } }) => isOfDoctor(to));
  const { exitCode, stdout, stderr } = await runOwnScript(directory, 'scripts/deploy.sh', own, {
    flags: ['--dry-run'],
  });
  for (const text of [stdout, stderr]) if (text !== '') door.say(printableLines(text));
  return exitCode;
};
