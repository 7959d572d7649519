import { isMap } from '../../base/files.ts';
import { printable } from '../../base/printable.ts';
import { pathFor, programFor } from '../../base/program.ts';
import { type Digests, isDigest } from '../../policy/digests.ts';

/** A digest, or why there is none. */
type Resolved = { readonly digest: string } | { readonly problem: string };

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
const resolve = async (directory: string, ref: string, seconds: number): Promise<Resolved> => {
  const docker = programFor(directory, 'docker');
  if (docker === undefined) return { problem: 'docker is not installed here' };
  const { execa } = await import('execa');
  const args = ['buildx', 'imagetools', 'inspect', ref, '--format', '{{json .Manifest}}'];
  const { exitCode, stdout, stderr, timedOut } = await execa(docker, args, {
    cwd: directory,
    env: { PATH: pathFor(directory) },
    reject: false,
    stdin: 'ignore',
    timeout: seconds * 1000,
  });
  if (timedOut) return { problem: `the registry did not answer within ${seconds} s` };
  if (exitCode !== 0) return { problem: lastLine(stderr) || `docker ended with exit code ${exitCode}` };
  const digest = digestIn(stdout);
  return digest === undefined ? { problem: 'the registry told no digest' } : { digest };
};

const day = (): string => new Date().toISOString().slice(0, 10);

/**
 * The digest of each image, with the day; or a line for each registry that did not tell one within `seconds`. A few are asked at a
 * time, as registries count requests; with `all` each of them, without it none after a batch that has a problem.
 */
export const resolveAll = async (
  directory: string,
  refs: readonly string[],
  { seconds, all }: { readonly seconds: number; readonly all: boolean },
): Promise<{ readonly digests: Digests; readonly problems: readonly string[] }> => {
  const digests: Record<string, Digests[string]> = {};
  const problems: string[] = [];
  const resolved = day();
  for (let at = 0; at < refs.length && (all || problems.length === 0); at += 4) {
    const some = refs.slice(at, at + 4);
    const results = await Promise.all(some.map((ref) => resolve(directory, ref, seconds)));
    for (const [index, result] of results.entries()) {
      const ref = some[index] ?? '';
      if ('problem' in result) problems.push(`${ref}: ${result.problem}`);
      else digests[ref] = { digest: result.digest, resolved };
    }
  }
  return { digests, problems };
};
