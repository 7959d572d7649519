import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { must, type Outcome, run } from '../run.ts';
import { workshop } from '../scratch.ts';
import { skip } from '../skip.ts';

const container = 'tbdebian13';

/** The script that starts the engine, a folder of which TESTBED names; a named skip without the variable, which CI sets. */
export const needTestbed = (context: Context): string => {
  const folder = process.env.TESTBED;
  if (folder === undefined)
    return skip(context, "TESTBED names no folder whose testbed.sh starts Debian 13's own engine");
  const script = join(folder, 'testbed.sh');
  if (!existsSync(script)) throw new Error(`TESTBED is ${folder}, and there is no ${script}`);
  return script;
};

/** A machine with Debian 13's own engine and Compose. It has the folder of this run, under its own path, and these images. */
export class Debian13 {
  readonly #script: string;

  private constructor(script: string) {
    this.#script = script;
  }

  static async boot(script: string, images: readonly string[]): Promise<Debian13> {
    if ((await run('docker', ['inspect', container])).code === 0)
      throw new Error(
        `there is a container ${container} already, of another run or of one that was killed: ${script} debian13-rm`,
      );
    const machine = new Debian13(script);
    process.once('exit', () => machine.remove());
    await must('bash', [script, 'debian13', workshop, ...new Set(images)]);
    return machine;
  }

  /** A command as root in a folder, whatever its exit code. */
  try(directory: string, command: readonly string[]): Promise<Outcome> {
    return run('docker', ['exec', '--workdir', directory, container, ...command]);
  }

  /** The same, of one that must succeed. */
  async must(directory: string, ...command: string[]): Promise<Outcome> {
    const outcome = await this.try(directory, command);
    if (outcome.code === 0) return outcome;
    throw new Error(`${command.join(' ')} ended with ${outcome.code}:\n${outcome.all}`);
  }

  /** With all that its engine has. */
  remove(): void {
    if (spawnSync('docker', ['inspect', container]).status === 0) spawnSync('bash', [this.#script, 'debian13-rm']);
  }
}
