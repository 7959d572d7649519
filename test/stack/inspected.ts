import { run } from './run.ts';

type Labels = Readonly<Record<string, string>> | null;
type Inspected = { readonly Config?: { readonly Labels?: Labels }; readonly Id?: string; readonly Name?: string };

const kinds: readonly (readonly [kind: string, list: readonly string[]])[] = [
  ['container', ['ps', '--all', '--quiet']],
  ['image', ['image', 'ls', '--all', '--quiet']],
  ['network', ['network', 'ls', '--quiet']],
  ['volume', ['volume', 'ls', '--quiet']],
];

/**
 * All that `docker inspect` tells of the whole engine, by what it tells it of: `app`, `db` for the containers of this
 * project, `image sha256:…` and so on for the rest.
 */
export const inspected = async (project: string): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  for (const [kind, list] of kinds) {
    const names = [...new Set((await run('docker', list)).stdout.split('\n').filter(Boolean))];
    if (names.length === 0) continue;
    // Others may remove theirs meanwhile; what is left is told all the same.
    const { stdout } = await run('docker', ['inspect', '--type', kind, ...names]);
    for (const one of JSON.parse(stdout) as Inspected[]) {
      const labels = one.Config?.Labels ?? {};
      const own = kind === 'container' && labels['com.docker.compose.project'] === project;
      const name = own ? (labels['com.docker.compose.service'] ?? '') : `${kind} ${one.Name ?? one.Id}`;
      found.set(name, (found.get(name) ?? '') + JSON.stringify(one));
    }
  }
  return found;
};
