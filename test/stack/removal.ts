import { spawnSync } from 'node:child_process';

const docker = (...args: string[]) => spawnSync('docker', args, { encoding: 'utf8' });
const listed = (...args: string[]): string[] => [
  ...new Set(
    docker(...args)
      .stdout.split('\n')
      .filter(Boolean),
  ),
];

/**
 * Removes what a compose project left on the engine, by its name: it works whatever state the files are in, and in an
 * exit handler. Containers of `compose run` first, which `down` leaves; images too, each run would leave new ones.
 */
export const removeProject = (project: string): void => {
  const containers = listed('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`);
  if (containers.length > 0) docker('rm', '--force', '--volumes', ...containers);
  docker('compose', '--project-name', project, 'down', '--volumes', '--remove-orphans');
  const images = listed('image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', project);
  if (images.length > 0) docker('image', 'rm', '--force', ...images);
};
