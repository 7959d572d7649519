import { join } from 'node:path';
import { images } from '../../src/policy/images.ts';
import { docker, remove } from './docker.ts';
import { ready, type Sample, sampleOf, script } from './sample.ts';
import { type Case, common } from './settings.ts';

const { nginx } = images('3.13');

// As the compose file has it, but for the CPU quota: it would be all that is measured.
const hardened = [
  '--read-only',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges:true',
  '--user=101:101',
  '--tmpfs=/tmp:uid=101,gid=101,mode=0700,size=128m,noexec,nosuid,nodev',
  '--log-driver=json-file',
  '--log-opt=max-size=10m',
];
const parts = ['load', 'edge', 'app'] as const;

/** An edge with its app and its load generator in one network namespace: the load never leaves the loopback device. */
export class Contestant {
  readonly name: string;
  readonly #id: string;
  readonly #root: string;
  readonly #configuration: string;
  readonly #more: readonly string[];

  /**
   * `id` is a name on the engine that nothing else has; `configuration` is the folder that becomes /etc/nginx; `more` are
   * options of `docker run` for the edge.
   */
  constructor(name: string, id: string, root: string, configuration: string, more: readonly string[] = []) {
    this.name = name;
    this.#id = id;
    this.#root = root;
    this.#configuration = configuration;
    this.#more = more;
  }

  /** The edge has core 0 for itself; the app and the load generator share core 1. */
  start(tool: string): void {
    docker('network', 'create', '--internal', this.#id);
    const namespace = `--network=container:${this.#id}-app`;
    const processes = `--pid=container:${this.#id}-edge`;
    this.#nginx('app', join(this.#root, 'app'), `--network=${this.#id}`, '--network-alias=app', '--cpuset-cpus=1');
    this.#nginx('edge', this.#configuration, namespace, '--cpuset-cpus=0', ...this.#more);
    const load = ['--detach', `--name=${this.#id}-load`, namespace, processes, '--cpuset-cpus=1'];
    docker('run', ...load, tool, 'sleep', '3600');
    docker('exec', `${this.#id}-load`, 'bash', '-c', ready);
  }

  #nginx(part: 'app' | 'edge', configuration: string, ...options: readonly string[]): void {
    const folders = [
      [configuration, '/etc/nginx'],
      [join(this.#root, 'ssl'), '/etc/ssl/site'],
      [join(this.#root, 'static'), common.files],
    ].map(([from, to]) => `--volume=${from}:${to}:ro`);
    const logs = `--volume=${join(this.#root, 'logs')}:${common.logs}`;
    docker('run', '--detach', `--name=${this.#id}-${part}`, ...hardened, ...folders, logs, ...options, nginx);
  }

  sample(of: Case, requests: number): Sample {
    try {
      return sampleOf(docker('exec', `${this.#id}-load`, 'bash', '-c', script(of, requests)), of, requests);
    } catch (error) {
      throw new Error(`${this.name}, ${of.name}: ${(error as Error).message}\n${this.#said()}`);
    }
  }

  #said(): string {
    const lines = docker('logs', '--tail=20', `${this.#id}-edge`).split('\n');
    return lines.map((line) => line.slice(0, 300)).join('\n');
  }

  /** All of it, by name. */
  remove(): void {
    for (const part of parts) remove('container', `${this.#id}-${part}`);
    remove('network', this.#id);
  }
}
