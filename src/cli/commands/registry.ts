import { isMap } from '../../base/files.ts';
import { printable } from '../../base/printable.ts';
import { pathFor, programFor } from '../../base/program.ts';
import { isDigest } from '../../policy/digests.ts';

/** A digest, or why there is none. */
export type Resolved = { readonly digest: string } | { readonly problem: string };

const lastLine = (text: string): string => printable(text.trim().split('\n').at(-1) ?? '', 200);

const digestIn = (stdout: string): string | undefined => {
  try {
    const manifest: unknown = JSON.parse(stdout);
    return isMap(manifest) && isDigest(manifest.digest) ? manifest.digest : undefined;
  } catch {
    return undefined;
  }
};

/**
 * What the registry of an image has under its tag now: the digest of the index, which names one image a platform, so that it
 * serves every machine. Docker's own client asks, with the logins and mirrors that it has; nothing is pulled.
 * https://docs.docker.com/reference/cli/docker/buildx/imagetools/inspect/
 */
export const resolve = async (directory: string, ref: string): Promise<Resolved> => {
  const docker = programFor(directory, 'docker');
  if (docker === undefined) return { problem: 'docker is not installed here' };
  const { execa } = await import('execa');
  const args = ['buildx', 'imagetools', 'inspect', ref, '--format', '{{json .Manifest}}'];
  const { exitCode, stdout, stderr, timedOut } = await execa(docker, args, {
    cwd: directory,
    env: { PATH: pathFor(directory) },
    reject: false,
    stdin: 'ignore',
    timeout: 60_000,
  });
  if (timedOut) return { problem: 'the registry did not answer within a minute' };
  if (exitCode !== 0) return { problem: lastLine(stderr) || `docker ended with exit code ${exitCode}` };
  const digest = digestIn(stdout);
  return digest === undefined ? { problem: 'the registry told no digest' } : { digest };
};
