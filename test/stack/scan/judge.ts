import { readFileSync } from 'node:fs';
import type { Authority } from '../authority.ts';
import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { domain } from '../generated.ts';
import { must, type Outcome, type RunOptions, run } from '../run.ts';
import { toolImage } from './image.ts';

/** What FastAPI's pages load from; all on one address, where image/cdn.mjs answers for them. */
export const outside = [
  'cdn.jsdelivr.net',
  'fonts.googleapis.com',
  'fonts.gstatic.com',
  'fastapi.tiangolo.com',
  'cdn.redoc.ly',
] as const;

/** A site as it should not be, for the controls. */
export const weak = 'weak.example.test';

const addresses = [`${domain}:127.0.0.1`, ...outside.map((host) => `${host}:127.0.0.2`), `${weak}:127.0.0.3`];
const trust = [
  'cat >ca.pem',
  'mkdir -p .pki/nssdb',
  'certutil -d sql:.pki/nssdb -N --empty-password',
  'certutil -d sql:.pki/nssdb -A -t C,, -n stack -i ca.pem',
].join(' && ');

/**
 * A container of tools beside a running nginx. To them the site is https://<domain>/ on port 443, and the authority that
 * signed its certificate is one that this machine trusts.
 */
export class Judge {
  readonly #container: string;
  readonly #authority: Authority;

  private constructor(container: string, authority: Authority) {
    this.#container = container;
    this.#authority = authority;
  }

  static async beside(stack: Deployment, authority: Authority): Promise<Judge> {
    const container = `${stack.project}-judge`;
    const network = ['--network', `${stack.project}_edge`, ...addresses.map((address) => `--add-host=${address}`)];
    const bundles = ['SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'];
    const believed = bundles.flatMap((name) => ['--env', `${name}=/home/judge/ca.pem`]);
    // The label of the project: it is removed with it, whatever happens here.
    const label = ['--label', `com.docker.compose.project=${stack.project}`];
    const hardened = ['--init', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
    const options = ['--detach', '--name', container, ...network, ...believed, ...label, ...hardened];
    await must('docker', ['run', ...options, await toolImage()]);
    const judge = new Judge(container, authority);
    await judge.must(['sh', '-c', `cd && ${trust}`], { input: authority.certificate });
    await judge.#answers(domain);
    return judge;
  }

  /** Runs a command to its end, whatever its exit code. */
  run(command: readonly string[], options?: RunOptions): Promise<Outcome> {
    return run('docker', ['exec', '--interactive', this.#container, ...command], options);
  }

  must(command: readonly string[], options?: RunOptions): Promise<Outcome> {
    return must('docker', ['exec', '--interactive', this.#container, ...command], options);
  }

  /** Starts a command that goes on, with what it reads from standard input. */
  async start(command: string, input: string): Promise<void> {
    await this.must(['sh', '-c', 'cat >/tmp/input'], { input });
    await must('docker', ['exec', '--detach', this.#container, 'sh', '-c', `${command} </tmp/input`]);
  }

  /** A certificate of the authority, as text. */
  async certificate(name: string): Promise<{ readonly cert: string; readonly key: string }> {
    const { chain, key } = await this.#authority.issue(name, name);
    return { cert: readFileSync(chain, 'utf8'), key: readFileSync(key, 'utf8') };
  }

  /** Starts the stand-ins of the hosts outside. */
  async serveOutside(): Promise<void> {
    const pairs = new Map<string, unknown>();
    for (const host of outside) pairs.set(host, await this.certificate(host));
    await this.start('node cdn.mjs', JSON.stringify(Object.fromEntries(pairs)));
    await this.#answers(outside[0]);
  }

  /** Starts the site for the controls: one old cipher, no headers. */
  async serveWeakly(): Promise<void> {
    const { cert, key } = await this.certificate(weak);
    const options = '-accept 127.0.0.3:443 -www -tls1_2 -cipher ECDHE-ECDSA-AES128-SHA';
    await this.start(`openssl s_server ${options} -cert /tmp/input`, cert + key);
    await this.#answers(weak);
  }

  #answers(host: string): Promise<true> {
    const curl = ['curl', '--silent', '--output', '/dev/null', `https://${host}/`];
    return eventually(`${host} answers`, 20, async () => ((await this.run(curl)).code === 0 ? true : undefined));
  }

  async remove(): Promise<void> {
    await must('docker', ['rm', '--force', this.#container]);
  }
}
