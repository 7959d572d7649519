import { requireImages } from '../engine.ts';
import { eventually } from '../eventually.ts';
import { must, run } from '../run.ts';

/** A registry on loopback, which Docker asks without TLS, with images of this machine in it under names of its own. */
export class Registry {
  readonly container: string;
  readonly host: string;
  readonly #tags = new Set<string>();

  private constructor(container: string, host: string) {
    this.container = container;
    this.host = host;
  }

  static async start(container: string): Promise<Registry> {
    await requireImages(['registry:2']);
    await must('docker', ['run', '--detach', '--name', container, '--publish', '127.0.0.1::5000', 'registry:2']);
    const { stdout } = await must('docker', ['port', container, '5000/tcp']);
    const host = `127.0.0.1:${/:(\d+)$/m.exec(stdout)?.[1]}`;
    await eventually('the registry answers', 20, async () => {
      const { code } = await run('curl', ['--silent', '--fail', '--max-time', '2', `http://${host}/v2/`]);
      return code === 0 ? true : undefined;
    });
    return new Registry(container, host);
  }

  /** Puts an image of this machine under a name of the registry; its digest there. */
  async push(image: string, name: string): Promise<string> {
    await requireImages([image]);
    const tag = `${this.host}/${name}`;
    this.#tags.add(tag);
    await must('docker', ['tag', image, tag]);
    await must('docker', ['push', '--quiet', tag], { seconds: 300 });
    const { stdout } = await must('docker', ['image', 'inspect', '--format', '{{join .RepoDigests "\\n"}}', tag]);
    return (
      stdout
        .split('\n')
        .find((line) => line.startsWith(`${tag.replace(/:[^:/]*$/, '')}@`))
        ?.split('@')[1] ?? ''
    );
  }

  /** The same name with other content: as the original, and a label. */
  async pushNewer(image: string, name: string): Promise<string> {
    const newer = `${this.container}-newer`;
    await must('docker', ['build', '--quiet', '--tag', newer, '-'], {
      input: `FROM ${image}\nLABEL test.newer="${this.container}"\n`,
    });
    try {
      return await this.push(newer, name);
    } finally {
      await run('docker', ['image', 'rm', newer]);
    }
  }

  async stop(): Promise<void> {
    await must('docker', ['stop', '--time', '2', this.container]);
  }

  async remove(): Promise<void> {
    await run('docker', ['rm', '--force', '--volumes', this.container]);
    const refs = (await run('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}@{{.Digest}}'])).stdout
      .split('\n')
      .filter((line) => line.startsWith(`${this.host}/`))
      .flatMap((line) => [line.replace(/@.*/, ''), line.replace(/:[^:/]*@/, '@')]);
    if (refs.length > 0) await run('docker', ['image', 'rm', ...refs]);
  }
}
