import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { images } from '../../../src/policy/images.ts';
import { startBesideNginx } from '../besideNginx.ts';
import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { must } from '../run.ts';

/** A request as the app received it: what nginx made of the client's. */
export type Received = {
  readonly replica: string;
  readonly connection: number;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly peer: string;
  readonly length: number;
};

export type Seen = { readonly connections: number; readonly requests: readonly Received[] };

/** The values of a header of a request that the app received. */
export const received = ({ headers }: Received, name: string): string[] =>
  headers.filter(([found]) => found.toLowerCase() === name.toLowerCase()).map(([, value]) => value);

const script = () => readFileSync(join(packageRoot(), 'test', 'stack', 'edge', 'echo.py'), 'utf8');

/** One replica of the app that answers by what it is asked (echo.py), on the network of a project's nginx. */
export class App {
  readonly name: string;
  readonly container: string;
  readonly #stack: Deployment;
  #control = '';

  private constructor(stack: Deployment, name: string) {
    this.#stack = stack;
    this.name = name;
    this.container = `${stack.project}-echo-${name}`;
  }

  static async start(stack: Deployment, name = 'first'): Promise<App> {
    const app = new App(stack, name);
    await app.restart();
    return app;
  }

  /** A container anew, after it was removed: with another address and port, maybe. */
  async restart(): Promise<void> {
    await startBesideNginx(this.#stack, {
      name: this.container,
      alias: 'app',
      networks: ['edge'],
      port: 9000,
      options: ['--rm', '--init', '--user', '10001'],
      command: [images('3.13').python, 'python', '-u', '-c', script(), this.name],
    });
    const { stdout } = await must('docker', ['port', this.container, '9000/tcp']);
    this.#control = `http://${stdout.split('\n')[0]}/`;
    await eventually(`${this.container} listens`, 20, () => this.seen());
  }

  /** What came since the last time that it was told to forget. */
  async seen(): Promise<Seen> {
    return (await (await fetch(this.#control, { signal: AbortSignal.timeout(2000) })).json()) as Seen;
  }

  async forget(): Promise<void> {
    await fetch(this.#control, { method: 'DELETE', signal: AbortSignal.timeout(2000) });
  }

  async remove(): Promise<void> {
    await must('docker', ['rm', '--force', this.container]);
  }
}
