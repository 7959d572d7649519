import type { Deployment } from './deployment.ts';
import { must } from './run.ts';

export type Beside = {
  readonly name: string;
  /** By which nginx, and who else is on these networks of the project, finds it. */
  readonly alias: string;
  readonly networks: readonly string[];
  /** The port that this machine reaches it by. */
  readonly port: number;
  /** The image and its arguments, after the options of `docker create`. */
  readonly options: readonly string[];
  readonly command: readonly string[];
};

/**
 * A container on internal networks of a project which a test also talks to: those publish nothing, so it is on Docker's own
 * network besides. The label of the project: it is removed with it.
 */
export const startBesideNginx = async (stack: Deployment, beside: Beside): Promise<void> => {
  const { name, alias, networks, port, options, command } = beside;
  const label = ['--label', `com.docker.compose.project=${stack.project}`];
  await must('docker', [
    ...['create', '--name', name, '--publish', `127.0.0.1::${port}`, ...label, ...options, ...command],
  ]);
  for (const network of networks) {
    await must('docker', ['network', 'connect', '--alias', alias, `${stack.project}_${network}`, name]);
  }
  await must('docker', ['start', name]);
};
