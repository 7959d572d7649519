import { run } from './run.ts';

const hint = 'The stack suite runs real containers, and nothing of it can pass without';

/** Fails with a sentence, before any test, where the suite cannot run; it is never skipped as a whole. */
export const requireEngine = async (): Promise<void> => {
  const engine = await run('docker', ['version', '--format', '{{.Server.Version}}']).catch(() => undefined);
  if (engine?.code !== 0) throw new Error(`${hint} a Docker engine: ${engine?.stderr || 'docker is not installed'}`);
  const compose = await run('docker', ['compose', 'version', '--short']);
  if (compose.code !== 0) throw new Error(`${hint} docker compose: ${compose.stderr}`);
  for (const tool of ['openssl', 'curl', 'git']) {
    const found = await run(tool, ['--version']).catch(() => undefined);
    if (found === undefined) throw new Error(`${hint} ${tool}, which the emitted scripts use`);
  }
};

const isHere = async (image: string): Promise<boolean> =>
  (await run('docker', ['image', 'inspect', '--format', '{{.Id}}', image])).code === 0;

/** Why the image can be neither found nor pulled; undefined when it is here. */
export const unavailable = async (image: string): Promise<string | undefined> => {
  if (await isHere(image)) return undefined;
  const pull = await run('docker', ['pull', '--quiet', image]);
  return pull.code === 0 ? undefined : `${image} is not on this machine and cannot be pulled: ${pull.stderr.trim()}`;
};

/** Fails with the list of those images that a build or a start would miss. */
export const requireImages = async (images: readonly string[]): Promise<void> => {
  const problems = await Promise.all([...new Set(images)].map(unavailable));
  const missing = problems.filter((problem) => problem !== undefined);
  if (missing.length > 0) throw new Error(missing.join('\n'));
};
