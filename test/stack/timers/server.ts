import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { builtImage } from '../builtImage.ts';
import { eventually } from '../eventually.ts';
import { once } from '../once.ts';
import { must, type Outcome, run } from '../run.ts';

const context = join(packageRoot(), 'test', 'stack', 'timers', 'image');

/** The image of a server with systemd. */
export const serverImage = once(() =>
  builtImage({ name: 'comicpile-test-systemd', context, base: 'debian:trixie-slim' }),
);

// Not privileged: what systemd sets in /proc/sys would be the host's own.
const rights = [
  '--cgroupns=private',
  '--cap-add=SYS_ADMIN',
  // For the firewall, which is the host's, as its network is.
  '--cap-add=NET_ADMIN',
  '--cap-add=DAC_READ_SEARCH',
  '--security-opt=seccomp=unconfined',
  '--security-opt=apparmor=unconfined',
  '--tmpfs=/run',
  '--tmpfs=/run/lock',
];

/**
 * A container in which systemd runs, with the engine of the tests and a user `deploy` who may not use it yet. It has the
 * host's network, as nginx is asked on 127.0.0.1, and a volume under the path that it has on the host, so that Compose
 * can mount what lies in it.
 */
export class Server {
  readonly #name: string;
  readonly volume: string;

  private constructor(name: string, volume: string) {
    this.#name = name;
    this.volume = volume;
  }

  static async boot(): Promise<Server> {
    const image = await serverImage();
    const name = `timers-${randomBytes(4).toString('hex')}`;
    await must('docker', ['volume', 'create', name]);
    const { stdout: volume } = await must('docker', ['volume', 'inspect', '--format', '{{.Mountpoint}}', name]);
    const mounts = ['--volume=/var/run/docker.sock:/run/docker.sock', `--volume=${name}:${volume}`];
    const server = new Server(name, volume);
    try {
      await must('docker', ['run', '--detach', `--name=${name}`, '--network=host', ...rights, ...mounts, image]);
      await eventually('systemd is up', 30, async () => {
        const { stdout } = await server.try(['systemctl', 'is-system-running']);
        return stdout === 'running' ? stdout : Promise.reject(new Error(stdout));
      });
    } catch (error) {
      const { all } = await run('docker', ['logs', '--tail', '20', name]);
      await server.remove();
      throw new Error(`${(error as Error).message}\n${all}`);
    }
    return server;
  }

  /** A command as root, whatever its exit code. */
  try(command: readonly string[], cwd = '/'): Promise<Outcome> {
    return run('docker', ['exec', '--workdir', cwd, this.#name, ...command]);
  }

  must(command: readonly string[], cwd = '/'): Promise<Outcome> {
    return must('docker', ['exec', '--workdir', cwd, this.#name, ...command]);
  }

  as(user: string, command: readonly string[], cwd = '/'): Promise<Outcome> {
    return run('docker', ['exec', '--user', user, '--workdir', cwd, this.#name, ...command]);
  }

  async read(path: string): Promise<string> {
    return (await this.must(['cat', path])).stdout;
  }

  /** What a unit wrote to the journal since this was last asked. */
  async news(unit: string): Promise<string> {
    await this.must(['journalctl', '--sync']);
    const since = `--cursor-file=/run/${unit}.cursor`;
    return (await this.must(['journalctl', '--quiet', '--output=cat', since, '--unit', unit])).stdout;
  }

  /** Lets a service run this line of sh instead, unconditionally, until what it returns is called. */
  async replaceJob(service: string, line: string): Promise<() => Promise<void>> {
    const dropIn = `/run/systemd/system/${service}.d`;
    const lines = ['[Service]', 'ExecCondition=', 'ExecStart=', `ExecStart=/bin/sh -c '${line}'`].join('\n');
    await this.must(['mkdir', '-p', dropIn]);
    await this.must(['bash', '-c', 'printf "%s\n" "$1" > "$2"', 'bash', lines, `${dropIn}/test.conf`]);
    await this.must(['systemctl', 'daemon-reload']);
    return async () => {
      await this.must(['rm', '-r', dropIn]);
      await this.must(['systemctl', 'daemon-reload']);
    };
  }

  /** The files of a folder, as a folder of deploy's. */
  async put(from: string, to: string): Promise<void> {
    await this.must(['mkdir', '-p', to]);
    await must('docker', ['cp', '--quiet', `${from}/.`, `${this.#name}:${to}`]);
    await this.must(['chown', '-R', 'deploy:deploy', to]);
  }

  /** deploy becomes a member of the group that the engine's socket has. */
  async letDeployUseDocker(): Promise<void> {
    const { stdout: gid } = await this.must(['stat', '-c', '%g', '/run/docker.sock']);
    await this.must(['sh', '-c', `getent group ${gid} || groupadd --gid ${gid} engine`]);
    await this.must(['sh', '-c', `usermod -aG "$(getent group ${gid} | cut -d: -f1)" deploy`]);
  }

  async remove(): Promise<void> {
    await run('docker', ['rm', '--force', this.#name]);
    await run('docker', ['volume', 'rm', '--force', this.#name]);
  }
}
