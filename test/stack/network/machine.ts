import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../ports.ts';
import { must, run } from '../run.ts';

export type Target = { readonly host: string; readonly port: number };

const ask = `
import concurrent.futures, json, socket, sys
def ask(target):
    try:
        with socket.create_connection((target["host"], target["port"]), timeout=2):
            return True
    except OSError:
        return False
targets = json.load(sys.stdin)
with concurrent.futures.ThreadPoolExecutor(32) as pool:
    print(json.dumps([target for target, is_open in zip(targets, pool.map(ask, targets)) if is_open]))
`;

const serve = `
import socket, sys, threading
def listen(family, address, port):
    server = socket.socket(family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.bind((address, port))
    server.listen(64)
    while True:
        server.accept()[0].close()
port = int(sys.argv[1])
threading.Thread(target=listen, args=(socket.AF_INET6, "::", port)).start()
listen(socket.AF_INET, "0.0.0.0", port)
`;

/** Those of the targets that take a connection from the network of a container: a Python beside its process, so it need have none. */
export const reachedFrom = async (
  stack: Deployment,
  service: string,
  targets: readonly Target[],
): Promise<readonly string[]> => {
  const { Id } = await stack.inspect(service);
  const inside = [
    'run',
    '--rm',
    '--interactive',
    '--network',
    `container:${Id}`,
    '--cap-drop',
    'ALL',
    '--user',
    '10001',
  ];
  const { stdout } = await must('docker', [...inside, 'python:3.13-slim', 'python', '-c', ask], {
    input: JSON.stringify(targets),
  });
  return (JSON.parse(stdout) as Target[]).map(({ host, port }) => `${host}:${port}`).sort();
};

/** A machine's surroundings: its own services, its provider's metadata, another machine of its network, and one of the Internet. */
export class Machine {
  readonly port: number;
  readonly #name = `w${randomBytes(3).toString('hex')}`;
  readonly #servers: ChildProcess[] = [];
  readonly metadata = '169.254.169.254';
  readonly neighbour = '10.231.77.2';
  readonly neighbour6 = 'fd00:77::2';
  /** Of TEST-NET-3 and of the documentation of IPv6: nothing private, and nobody's. */
  readonly stranger = '203.0.113.77';

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<Machine> {
    const machine = new Machine(await freePort());
    const name = machine.#name;
    const ip = (...args: string[]) => must('ip', args);
    const there = (...args: string[]) => ip('netns', 'exec', name, 'ip', ...args);
    await ip('address', 'add', `${machine.metadata}/32`, 'dev', 'lo');
    await ip('netns', 'add', name);
    await ip('link', 'add', `${name}h`, 'type', 'veth', 'peer', 'name', `${name}n`, 'netns', name);
    for (const [here, far] of [
      ['10.231.77.1/24', `${machine.neighbour}/24`],
      ['203.0.113.78/28', `${machine.stranger}/28`],
      ['fd00:77::1/64', `${machine.neighbour6}/64`],
    ] as const) {
      const nodad = here.includes(':') ? ['nodad'] : [];
      await ip('address', 'add', here, 'dev', `${name}h`, ...nodad);
      await there('address', 'add', far, 'dev', `${name}n`, ...nodad);
    }
    await ip('link', 'set', `${name}h`, 'up');
    await there('link', 'set', 'lo', 'up');
    await there('link', 'set', `${name}n`, 'up');
    await there('route', 'add', 'default', 'via', '10.231.77.1');
    await there('-6', 'route', 'add', 'default', 'via', 'fd00:77::1');
    machine.#serve([]);
    machine.#serve(['ip', 'netns', 'exec', name]);
    await eventually('the servers listen', 20, async () => {
      const { stdout } = await run('python3', ['-c', ask], { input: JSON.stringify(machine.targets()) });
      return stdout !== '' && (JSON.parse(stdout) as Target[]).length === machine.targets().length ? true : undefined;
    });
    return machine;
  }

  #serve(prefix: readonly string[]): void {
    const [program = '', ...args] = [...prefix, 'python3', '-c', serve, String(this.port)];
    this.#servers.push(spawn(program, args, { stdio: 'ignore' }));
  }

  /** Of this machine, the gateways of all of Docker's networks among them. */
  #own(): readonly string[] {
    return Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
      .map(({ address }) => address);
  }

  targets(): readonly Target[] {
    const hosts = [...this.#own(), this.metadata, this.neighbour, this.neighbour6, this.stranger];
    return hosts.map((host) => ({ host, port: this.port }));
  }

  /** A client on the other machine of this one's network. */
  async asks(url: string): Promise<string> {
    const curl = [
      'curl',
      '--silent',
      '--insecure',
      '--globoff',
      '--max-time',
      '10',
      '--header',
      'Host: app.example.test',
      '--output',
      '/dev/null',
    ];
    const { stdout } = await run('ip', ['netns', 'exec', this.#name, ...curl, '--write-out', '%{http_code}', url]);
    return stdout;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) server.kill('SIGKILL');
    await run('ip', ['address', 'del', `${this.metadata}/32`, 'dev', 'lo']);
    await run('ip', ['netns', 'del', this.#name]);
  }
}
