import { join } from 'node:path';
import { execa } from 'execa';
import { inPrivateFolder } from '../../base/disk/privateFolder.ts';
import { pathFor, programFor } from '../../base/program.ts';
import { Refusal } from '../../base/refusal.ts';
import { modeOf } from '../../emit/catalogue.ts';
import type { RenderedFile } from '../../emit/renderedFile.ts';

type Outcome = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

const bashFor = (directory: string, script: string): string => {
  const bash = programFor(directory, 'bash');
  if (bash === undefined) {
    throw new Refusal(`${script} cannot run here:`, [
      `bash is not on PATH: on Windows use WSL, or ${script} on the server`,
    ]);
  }
  return bash;
};

/**
 * Runs the first of these scripts on the project as this version renders them, from a temporary folder with the others: what was edited
 * in the project judges nothing.
 */
export const runOwnScript = (
  directory: string,
  script: string,
  files: readonly RenderedFile[],
  { flags, env = {} }: { readonly flags: readonly string[]; readonly env?: Readonly<Record<string, string>> },
): Promise<Outcome> => {
  const bash = bashFor(directory, script);
  const ours = files.map(({ artifact, text }) => ({ path: artifact.to, text, mode: modeOf(artifact) }));
  return inPrivateFolder(ours, async (folder) => {
    const { exitCode, stdout, stderr } = await execa(bash, [join(folder, script), ...flags], {
      cwd: directory,
      env: { ...env, COMICPILE_PROJECT: directory, PATH: pathFor(directory) },
      reject: false,
      stdin: 'ignore',
      maxBuffer: 50_000_000,
    });
    return { exitCode: exitCode ?? 1, stdout, stderr };
  });
};
