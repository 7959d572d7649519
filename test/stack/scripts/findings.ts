import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { freshName } from '../generated.ts';
import { must } from '../run.ts';

type Undo = () => unknown;

/** What a machine, a file or an answer can have wrong, and what a deploy says about it. */
export type Finding = {
  readonly name: string;
  /** FAIL and ? stop the deploy; a note does not. */
  readonly end: 'FAIL' | 'note' | '?';
  readonly says: RegExp;
  /** Programs of this machine, by what they do instead; bash, with `real` for the program itself. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly provoke?: (stack: Deployment) => Undo | Promise<Undo>;
  readonly args?: readonly string[];
};

const edited =
  (path: string, change: (text: string) => string) =>
  (stack: Deployment): Undo => {
    const before = stack.has(path) ? stack.read(path) : undefined;
    writeFileSync(join(stack.directory, path), change(before ?? ''));
    return () =>
      before === undefined ? rmSync(join(stack.directory, path)) : writeFileSync(join(stack.directory, path), before);
  };
const setting = (name: string, value: string) =>
  edited('.env.production', (text) => `${text.replace(new RegExp(`^${name}=.*\n`, 'm'), '')}${name}=${value}\n`);
/** A docker whose answer to one question is another. */
const answering = (question: string, answer: string): Readonly<Record<string, string>> => ({
  docker: `case "$*" in ${question}) ${answer} && exit ;; esac; real "$@"`,
});
const saying = (question: string, text: string) => answering(question, `echo '${text}'`);
const options = (text: string) => saying('"info --format {{json .SecurityOptions}}"*', text);

export const findings: readonly Finding[] = [
  {
    name: 'an engine that is too old',
    end: 'FAIL',
    says: /Docker 25\.0\.3 is older than 26\.1/,
    programs: saying('"version --format {{.Server.Version}}"', '25.0.3'),
  },
  {
    name: 'a Compose that is too old',
    end: 'FAIL',
    says: /Docker Compose 2\.25\.0 is older than 2\.26/,
    programs: saying('"compose version --short"', '2.25.0'),
  },
  {
    name: 'an engine that gives no IPv6 by itself',
    end: 'FAIL',
    says: /Docker 26\.1\.5\+dfsg1 is too old for IPv6/,
    programs: saying('"version --format {{.Server.Version}}"', '26.1.5+dfsg1'),
  },
  {
    name: 'an engine that does not say its version',
    end: '?',
    says: /could not be looked at: Docker and Compose are of versions[\s\S]*no such plugin/,
    programs: answering('"compose version --short"', 'echo no such plugin >&2; exit 1'),
  },
  {
    name: 'an engine without root',
    end: 'note',
    says: /Docker runs without root: ports below/,
    programs: options('["name=seccomp,profile=builtin","name=rootless"] true true'),
  },
  {
    name: 'SELinux',
    end: 'note',
    says: /chcon -R -t container_file_t/,
    programs: options('["name=selinux"] true true'),
  },
  {
    name: 'a kernel that keeps no limits',
    end: 'note',
    says: /keeps no limits of memory or processes/,
    programs: options('["name=cgroupns"] false true'),
  },
  {
    name: 'less memory than the limits add up to',
    end: 'note',
    says: /may take 2304 MiB of memory together, this machine has 1024/,
    programs: saying('"info --format {{.MemTotal}}"', '1073741824'),
  },
  {
    name: 'a full disk',
    end: 'FAIL',
    says: /FAIL {2}there is room on the disk\n {8}7 MiB are free at \./,
    programs: { df: 'printf "Filesystem 1024-blocks Used Available Capacity Mounted\\n/dev/sda1 9 9 8000 1%% /\\n"' },
  },
  {
    name: 'a clock that is behind',
    end: 'FAIL',
    says: /it is 20250101T000000Z by the clock of this machine, and the newest release or dump is of 20/,
    programs: { date: 'case "$*" in "-u +%Y%m%dT%H%M%SZ") echo 20250101T000000Z ;; *) real "$@" ;; esac' },
  },
  {
    name: 'a clock that nothing keeps right',
    end: 'note',
    says: /nothing keeps the clock of this machine right/,
    programs: { timedatectl: 'echo no' },
  },
  {
    name: 'a name that DNS does not have',
    end: 'note',
    says: /DNS has no address for app\.example\.test, www\.app\.example\.test: visitors/,
    programs: { getent: 'exit 2' },
  },
  {
    name: 'settings that others read',
    end: 'FAIL',
    says: /its mode is 644\n {8}next: chmod 600 \.env\.production/,
    provoke: ({ directory }) => {
      chmodSync(join(directory, '.env.production'), 0o644);
      return () => chmodSync(join(directory, '.env.production'), 0o600);
    },
  },
  {
    name: 'a disk for backups that is not mounted',
    end: 'FAIL',
    says: /backups leads to \/nowhere\/backups, which is not there: is the disk mounted\?/,
    provoke: ({ directory }) => {
      const [backups, aside] = [join(directory, 'backups'), join(directory, 'aside')];
      renameSync(backups, aside);
      symlinkSync('/nowhere/backups', backups);
      return () => {
        rmSync(backups);
        renameSync(aside, backups);
      };
    },
  },
  {
    name: 'a repository of somebody else',
    end: 'note',
    says: /git does not trust this directory[^\n]*safe\.directory/,
    programs: { git: 'echo "fatal: detected dubious ownership in repository at \'/srv/app\'" >&2; exit 128' },
  },
  {
    name: 'a repository that is broken',
    end: 'note',
    says: /git cannot read this repository, so the release has no revision: fatal: bad object/,
    programs: { git: 'echo "fatal: bad object HEAD" >&2; exit 128' },
  },
  {
    name: 'a secret of the deployment among the variables of the app',
    end: 'FAIL',
    says: /\.env\.app has SECRET_KEY, which the deployment draws/,
    provoke: edited('.env.app', (text) => `${text}SECRET_KEY=of-somebody\n`),
  },
  {
    name: 'a variable that Compose would change',
    end: 'FAIL',
    says: /\.env\.app line 1: MAIL_PASSWORD has a \$/,
    provoke: edited('.env.app', () => 'MAIL_PASSWORD=a$b\n'),
  },
  {
    name: 'a weak secret',
    end: 'FAIL',
    says: /DB_PASSWORD is shorter than/,
    provoke: edited('secrets/db_password', () => 'short'),
  },
  {
    name: 'a port that is none',
    end: 'FAIL',
    says: /HTTP_PORT is 'https', which is no port, nor an address and a port, as in 443, 127\.0\.0\.1:8443 or \[::1\]:8443/,
    provoke: setting('HTTP_PORT', 'https'),
  },
  {
    name: 'a port that no machine has',
    end: 'FAIL',
    says: /HTTP_PORT is '127\.0\.0\.3:70000', which is no port/,
    provoke: setting('HTTP_PORT', '127.0.0.3:70000'),
  },
  {
    name: 'an address that this machine does not have',
    end: 'FAIL',
    says: /HTTP_PORT: 192\.0\.2\.7 is no address of this machine/,
    provoke: setting('HTTP_PORT', '192.0.2.7:8080'),
  },
  {
    name: 'one port for both',
    end: 'FAIL',
    says: /HTTP_PORT and HTTPS_PORT are the same: 127\.0\.0\.3:\d+/,
    provoke: (stack) => setting('HTTP_PORT', stack.env('HTTPS_PORT'))(stack),
  },
  {
    name: 'a port that a program has',
    end: 'FAIL',
    says: /HTTP_PORT: somebody has it, (?:node|a program)[^\n]* at 127\.0\.0\.3:\d+/,
    provoke: async (stack) => {
      const server = createServer().listen(0, '127.0.0.3');
      await new Promise((done) => server.once('listening', done));
      const { port } = server.address() as { port: number };
      const undo = setting('HTTP_PORT', `127.0.0.3:${port}`)(stack);
      return () => {
        undo();
        server.close();
      };
    },
  },
  {
    name: 'a port that a container has',
    end: 'FAIL',
    says: /HTTP_PORT: somebody has it, the container other-\S+: /,
    provoke: async (stack) => {
      const name = freshName().replace('stack', 'other');
      const run = ['run', '--detach', '--rm', '--name', name, '--publish', '127.0.0.3::80', 'debian:trixie-slim'];
      await must('docker', [...run, 'sleep', '300']);
      const { stdout } = await must('docker', ['port', name, '80/tcp']);
      const undo = setting('HTTP_PORT', stdout.trim())(stack);
      return async () => {
        undo();
        await must('docker', ['rm', '--force', name]);
      };
    },
  },
  {
    name: 'a compose file that is none',
    end: 'FAIL',
    says: /FAIL {2}docker-compose\.prod\.yml is valid/,
    provoke: edited('docker-compose.prod.yml', (text) => text.replace('user: "101:101"', 'usr: "101:101"')),
  },
  {
    name: 'a mistake in a file of nginx',
    end: 'FAIL',
    says: /FAIL {2}nginx takes its configuration[\s\S]*nginx\.conf/,
    provoke: edited('nginx/nginx.conf', (text) => text.replace('worker_processes auto;', 'worker_processes auto')),
  },
  {
    name: 'an nginx that could not be asked',
    end: '?',
    says: /could not be looked at: nginx takes its configuration\n {8}docker: all predefined address pools are full/,
    programs: answering('"run --rm"*" nginx -t"', 'echo docker: all predefined address pools are full >&2; exit 125'),
  },
  {
    name: 'another major version of PostgreSQL',
    end: 'FAIL',
    says: /is PostgreSQL 16, and the database in \S+ is of 17\n[\s\S]*scripts\/upgrade-postgres\.sh/,
    programs: saying('"run --rm"*"--entrypoint postgres "*', 'postgres (PostgreSQL) 16.4'),
  },
  {
    name: 'an image of PostgreSQL that could not be asked',
    end: '?',
    says: /could not be looked at: the database is of the major version[\s\S]*pools are full/,
    programs: answering('"run --rm"*"--entrypoint postgres "*', 'echo pools are full >&2; exit 125'),
  },
  {
    name: 'another limit of nginx',
    end: 'FAIL',
    says: /started anew besides the app: 1\n {8}nginx: nobody is let in for some seconds\n {8}next: [^\n]*--allow-restart/,
    provoke: edited('docker-compose.prod.yml', (text) => text.replace('memory: 256M', 'memory: 300M')),
  },
  {
    name: 'another limit of nginx and of the database, with the word for it',
    end: 'note',
    says: /note {2}services that are started anew besides the app: 2\n {8}db: [^\n]*\n {8}nginx: /,
    provoke: edited('docker-compose.prod.yml', (text) =>
      text.replace('memory: 256M', 'memory: 300M').replace('shm_size: 128m', 'shm_size: 130m'),
    ),
    args: ['--allow-restart'],
  },
];

/** A folder for PATH in which these programs do something else. */
export const standIns = (folder: string, programs: Readonly<Record<string, string>>): string => {
  mkdirSync(folder, { recursive: true });
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/usr/bin/env bash\nreal() { PATH=\${PATH#*:} ${name} "$@"; }\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
};
