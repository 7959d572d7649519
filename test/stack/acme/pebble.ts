import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { startBesideNginx } from '../besideNginx.ts';
import { authority } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { requireImages } from '../engine.ts';
import { eventually } from '../eventually.ts';
import { folderOf, freshName } from '../generated.ts';
import { must, run } from '../run.ts';

const image = 'ghcr.io/letsencrypt/pebble:latest';
const dnsImage = 'ghcr.io/letsencrypt/pebble-challtestsrv:latest';

const portOf = async (container: string, port: number): Promise<number> => {
  const { stdout } = await must('docker', ['port', container, `${port}/tcp`]);
  return Number(stdout.split('\n')[0]?.split(':').at(-1));
};

/**
 * Let's Encrypt's own test server beside a stack, and the DNS that it asks. It comes to nginx as the real one does: by the
 * name, on the port that nginx listens on inside.
 */
export class Pebble {
  readonly #stack: Deployment;
  readonly #ca: string;
  /** PEM of the root that signs what it issues. */
  root = '';

  private constructor(stack: Deployment, ca: string) {
    this.#stack = stack;
    this.#ca = ca;
  }

  static async beside(stack: Deployment): Promise<Pebble> {
    const trusted = await authority();
    const pebble = new Pebble(stack, trusted.certificate);
    const folder = folderOf(freshName());
    const { chain, key } = await trusted.issue('pebble', `${stack.project}-pebble`);
    for (const [name, source] of [
      ['chain.pem', chain],
      ['key.pem', key],
    ] as const) {
      await must('cp', [source, join(folder, name)]);
    }
    await must('chmod', ['-R', 'a+rX', folder]);
    writeFileSync(join(folder, 'ca.pem'), trusted.certificate);
    const config = {
      listenAddress: '0.0.0.0:14000',
      managementListenAddress: '0.0.0.0:15000',
      certificate: '/pebble/chain.pem',
      privateKey: '/pebble/key.pem',
      httpPort: 8080,
      tlsPort: 8443,
      profiles: { default: { description: 'as usual', validityPeriod: 7_776_000 } },
      domainBlocklist: ['blocked.example.test'],
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ pebble: config }));
    await pebble.#start(folder);
    stack.edit(
      '.env.production',
      (text) => `${text}ACME_SERVER=https://pebble:14000/dir\nACME_CA_FILE=${join(folder, 'ca.pem')}\n`,
    );
    return pebble;
  }

  get #names() {
    return { dns: `${this.#stack.project}-dns`, pebble: `${this.#stack.project}-pebble` };
  }

  async #start(folder: string): Promise<void> {
    // The server of DNS answers is an image of its own; where it is not, the other one may hold it too.
    const hasOwn = (await run('docker', ['image', 'inspect', dnsImage])).code === 0;
    await requireImages([image]);
    const { dns, pebble } = this.#names;
    // certbot's own network, which is there once its container is.
    await this.#stack.compose('--profile', 'certs', 'up', '--no-start', '--no-deps', 'certbot');
    const start = (name: string, alias: string, port: number, options: readonly string[], command: readonly string[]) =>
      startBesideNginx(this.#stack, { name, alias, networks: ['edge', 'acme'], port, options, command });
    const answers = ['-defaultIPv4', await this.#addressOfNginx(), '-defaultIPv6', '', '-dnsserver', ':8053'];
    const off = ['-http01', '', '-https01', '', '-tlsalpn01', '', '-doh', ''];
    const program = ['--entrypoint', 'pebble-challtestsrv'];
    await start(dns, 'acme-dns', 8055, program, [hasOwn ? dnsImage : image, ...answers, ...off]);
    const settings = ['PEBBLE_VA_NOSLEEP=1', 'PEBBLE_WFE_NONCEREJECT=0', 'PEBBLE_AUTHZREUSE=0'];
    const options = ['--volume', `${folder}:/pebble:ro`, ...settings.flatMap((setting) => ['--env', setting])];
    const command = [image, '-config', '/pebble/config.json', '-dnsserver', 'acme-dns:8053'];
    await start(pebble, 'pebble', 15000, options, command);
    this.root = await eventually('the CA answers', 30, () => this.#manage('GET', '/roots/0'));
  }

  async #addressOfNginx(): Promise<string> {
    const { NetworkSettings } = await this.#stack.inspect('nginx');
    return NetworkSettings.Networks[`${this.#stack.project}_edge`]?.IPAddress ?? '';
  }

  async #manage(method: 'GET' | 'POST', path: string, body?: string): Promise<string> {
    const port = await portOf(this.#names.pebble, 15000);
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, servername: 'pebble', ca: this.#ca, method, path, agent: false };
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${path}: ${response.statusCode} ${text}`));
        });
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }

  /** What the CA's DNS says: an A record, or that there is none. */
  async point(name: string, to: 'nginx' | 'nobody' | string): Promise<void> {
    if (to === 'nobody') await this.dns('set-servfail', { host: name });
    else {
      await this.dns('clear-servfail', { host: name });
      const address = to === 'nginx' ? await this.#addressOfNginx() : to;
      await this.dns('clear-a', { host: name });
      await this.dns('add-a', { host: name, addresses: [address] });
    }
  }

  async dns(command: string, body: unknown): Promise<void> {
    const port = await portOf(this.#names.dns, 8055);
    const reply = await fetch(`http://127.0.0.1:${port}/${command}`, { method: 'POST', body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${command}: ${reply.status} ${await reply.text()}`);
  }

  /** Of a serial number in hexadecimal: Valid or Revoked. */
  async status(serial: string): Promise<string> {
    return (
      JSON.parse(await this.#manage('GET', `/cert-status-by-serial/${serial.toLowerCase()}`)) as { Status: string }
    ).Status;
  }

  /** Takes it from the network, or puts it back. */
  async reachable(is: boolean): Promise<void> {
    const where = [`${this.#stack.project}_acme`, this.#names.pebble];
    await must('docker', ['network', ...(is ? ['connect', '--alias', 'pebble'] : ['disconnect']), ...where]);
  }
}
