import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '../../src/base/envFile.ts';
import { requireImages } from './engine.ts';
import { removeProject } from './removal.ts';
import { must, type Outcome, run } from './run.ts';

export type ComposeFile = 'docker-compose.prod.yml' | 'docker-compose.yml';

/** What a test reads of `docker inspect`. */
export type Container = {
  readonly Id: string;
  readonly Image: string;
  readonly State: {
    readonly Status: string;
    readonly StartedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly Env: readonly string[]; readonly User: string };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly Privileged: boolean;
    readonly PortBindings: Readonly<Record<string, unknown>> | null;
    readonly Memory: number;
    readonly NanoCpus: number;
    readonly PidsLimit: number | null;
    readonly LogConfig: { readonly Config: Readonly<Record<string, string>> };
  };
  readonly Mounts: readonly { readonly Destination: string; readonly RW: boolean }[];
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>>;
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>;
  };
};

const asRoot = (...command: string[]): string[] => (process.getuid?.() === 0 ? command : ['sudo', '-n', ...command]);

/** Every deployment that was started; the root hooks show and remove them. */
export const started = new Set<Deployment>();

/** A generated project on the engine: its directory, and the commands that a user would type there. */
export class Deployment {
  readonly project: string;
  readonly directory: string;
  readonly file: ComposeFile;
  #isGuarded = false;

  constructor(project: string, directory: string, file: ComposeFile = 'docker-compose.prod.yml') {
    this.project = project;
    this.directory = directory;
    this.file = file;
    started.add(this);
  }

  /** `docker compose …` on this project, whatever its exit code. */
  async tryCompose(args: readonly string[], input?: string): Promise<Outcome> {
    if (args.includes('up')) await this.openSecrets();
    const env = this.file === 'docker-compose.prod.yml' ? ['--env-file', '.env.production'] : [];
    const more =
      env.length > 0 && this.has('docker-compose.monitoring.yml') ? ['-f', 'docker-compose.monitoring.yml'] : [];
    return run('docker', ['compose', '-f', this.file, ...more, ...env, ...args], {
      cwd: this.directory,
      ...(input === undefined ? {} : { input }),
    });
  }

  /** The same; an error that shows the state of the stack when it fails. */
  async compose(...args: string[]): Promise<Outcome> {
    const outcome = await this.tryCompose(args);
    if (outcome.code === 0) return outcome;
    throw new Error(
      `docker compose ${args.join(' ')} ended with ${outcome.code}:\n${outcome.all}\n${await this.describe()}`,
    );
  }

  /** The images that the stack needs and does not build itself. */
  async images(): Promise<readonly string[]> {
    const { stdout } = await this.compose('config', '--images');
    const bases = [...this.read('Dockerfile').matchAll(/^FROM (\S+[:/]\S+)/gm)].map(([, image]) => image ?? '');
    const own = `${this.project.replace(/-dev$/, '')}:`;
    return [...stdout.split('\n').filter((image) => image !== '' && !image.startsWith(own)), ...bases];
  }

  /** The stack as one line of Compose starts it, or one clear failure that names the images that are missing. */
  async up(...options: string[]): Promise<void> {
    await requireImages(await this.images());
    await this.compose('up', '-d', '--wait', ...options);
  }

  /** What deploy.sh does before it starts anything: the containers may read their secrets, and no other file beside these. */
  private async openSecrets(): Promise<void> {
    if (!this.has('secrets')) return;
    const files = 'for name in "${SECRET_NAMES[@]}" "${GRACE_NAMES[@]/%/_PREVIOUS}"; do file=secrets/${name,,}';
    const open = `. scripts/lib.sh; ${files}; [[ ! -f $file ]] || grant "$file" 10001; done`;
    await must('bash', ['-c', `set -euo pipefail; ${open}`], { cwd: this.directory });
  }

  /** Runs one of the emitted scripts, whatever its exit code. */
  script(name: string, ...args: string[]): Promise<Outcome> {
    return run(`./scripts/${name}`, args, { cwd: this.directory });
  }

  /** Runs a script that must succeed. */
  async mustScript(name: string, ...args: string[]): Promise<Outcome> {
    const outcome = await this.script(name, ...args);
    if (outcome.code === 0) return outcome;
    throw new Error(
      `scripts/${name} ${args.join(' ')} ended with ${outcome.code}:\n${outcome.all}\n${await this.describe()}`,
    );
  }

  /** Puts its rules into this machine's firewall, as root does; they go with the project. */
  async guard(): Promise<void> {
    this.#isGuarded = true;
    const [program = '', ...args] = asRoot('./scripts/firewall.sh', 'install');
    const { code, all } = await run(program, args, { cwd: this.directory });
    if (code !== 0) throw new Error(`scripts/firewall.sh install ended with ${code}:\n${all}`);
  }

  /** A command in the running container of a service, whatever its exit code. */
  inside(service: string, command: readonly string[], input?: string): Promise<Outcome> {
    return this.tryCompose(['exec', '-T', service, ...command], input);
  }

  /** The first container of a service. */
  async inspect(service: string): Promise<Container> {
    const { stdout } = await this.compose('ps', '--all', '--quiet', service);
    const [first = ''] = stdout.split('\n');
    const { stdout: json } = await run('docker', ['inspect', first]);
    const [container] = JSON.parse(json) as Container[];
    if (container === undefined) throw new Error(`there is no container of ${service}`);
    return container;
  }

  has(path: string): boolean {
    return existsSync(join(this.directory, path));
  }

  read(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8');
  }

  /** Changes a file the way an editor does; a change that does nothing is a mistake of the test. */
  edit(path: string, change: (text: string) => string): void {
    const before = this.read(path);
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${path} changes nothing`);
    writeFileSync(join(this.directory, path), after);
  }

  env(key: string): string {
    return readEnv(this.read('.env.production')).get(key) ?? '';
  }

  /** For a failure's report: the containers and their last lines; nothing where nothing runs. */
  async describe(): Promise<string> {
    const { stdout } = await this.tryCompose(['ps', '--all', '--quiet']);
    if (stdout === '') return '';
    const { all: ps } = await this.tryCompose(['ps', '--all']);
    const { all: logs } = await this.tryCompose(['logs', '--no-color', '--tail', '15']);
    const short = logs.split('\n').map((line) => line.slice(0, 250));
    return `── ${this.project}: docker compose ps\n${ps}\n── the last log lines\n${short.join('\n')}\n`;
  }

  /** Containers, volumes, networks and images of this project; all tests of a stack end with it. */
  remove(): void {
    if (this.#isGuarded) {
      const [program = '', ...args] = asRoot('./scripts/firewall.sh', 'remove');
      spawnSync(program, args, { cwd: this.directory });
    }
    removeProject(this.project);
    started.delete(this);
  }
}
