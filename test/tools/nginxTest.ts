import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { images } from '../../src/policy/images.ts';
import { scratch } from '../fixture.ts';
import { edit } from './projects.ts';
import type { Look } from './promise.ts';
import { isMissing, must, type Result, run, runProgram, whereIs } from './toolbox.ts';

const image = images('3.13').nginx;

/** A program of 1.30 or newer: older ones have neither `http2 on` nor an upstream's `resolve` (1.27.3). */
const localNginx = async (): Promise<string | undefined> => {
  for (const program of whereIs('nginx')) {
    const { output } = await runProgram(program, ['-v']);
    const [, major = 0, minor = 0] = /nginx\/(\d+)\.(\d+)\./.exec(output) ?? [];
    if (Number(major) > 1 || Number(minor) >= 30) return program;
  }
  return undefined;
};

const hasImage = async (): Promise<boolean> =>
  whereIs('docker').length > 0 && (await run('docker', ['image', 'inspect', image])).exitCode === 0;

/** `nginx -t` needs one of the two. */
export const requireNginx = async (): Promise<void> =>
  assert.ok((await localNginx()) !== undefined || (await hasImage()), isMissing('nginx'));

/** The configuration as the container sees it, beside a certificate. */
const lay = async (directory: string): Promise<string> => {
  const root = scratch();
  cpSync(join(directory, 'nginx'), join(root, 'nginx'), { recursive: true });
  for (const folder of ['ssl', 'tmp', 'edge-log', 'nginx-monitoring']) mkdirSync(join(root, folder));
  const monitoring = join(directory, 'monitoring/nginx');
  if (existsSync(monitoring)) cpSync(monitoring, join(root, 'nginx-monitoring'), { recursive: true });
  const key = join(root, 'ssl/privkey.pem');
  await must('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
    ...['-subj', '/CN=app.example.test', '-keyout', key, '-out', join(root, 'ssl/fullchain.pem')],
  ]);
  chmodSync(key, 0o644);
  return root;
};

const testLocally = (program: string, root: string): Promise<Result> => {
  const files = ['nginx', 'nginx-monitoring'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.conf'))
      .map((file) => join(folder, file)),
  );
  const place = /\/etc\/ssl\/site\/|\/tmp\/|\/etc\/nginx-monitoring\/|\/run\/edge-log\//g;
  const places: Readonly<Record<string, string>> = {
    '/etc/ssl/site/': 'ssl/',
    '/tmp/': 'tmp/',
    '/etc/nginx-monitoring/': 'nginx-monitoring/',
    '/run/edge-log/': 'edge-log/',
  };
  const using = files.filter((file) => readFileSync(join(root, file), 'utf8').search(place) >= 0);
  assert.ok(using.length >= 3, 'certificates and temporary files have moved');
  for (const file of using) {
    edit(root, file, (text) => text.replaceAll(place, (path) => join(root, places[path] ?? '')));
  }
  // A name of the network that nginx is on.
  for (const file of files.filter((each) => readFileSync(join(root, each), 'utf8').includes(' nginx-telemetry:'))) {
    edit(root, file, (text) => text.replaceAll(' nginx-telemetry:', ' 127.0.0.1:'));
  }
  // Here stdout is a socket, which nginx cannot open by a path.
  edit(root, 'nginx/snippets/logging.conf', (text) => text.replace('/dev/stdout', join(root, 'tmp/access.log')));
  return runProgram(program, ['-t', '-e', 'stderr', '-p', join(root, 'nginx'), '-c', join(root, 'nginx/nginx.conf')]);
};

const testInImage = (root: string): Promise<Result> =>
  run('docker', [
    ...[
      'run',
      '--rm',
      '--network',
      'none',
      '--add-host',
      'nginx-telemetry:127.0.0.1',
      '--read-only',
      '--tmpfs',
      '/tmp:mode=1777',
      '--user',
      '101:101',
    ],
    ...['--cap-drop', 'ALL', '--volume', `${root}/nginx:/etc/nginx:ro`, '--volume', `${root}/ssl:/etc/ssl/site:ro`],
    ...['--volume', `${root}/nginx-monitoring:/etc/nginx-monitoring:ro`, '--tmpfs', '/run/edge-log:mode=1777'],
    ...['--entrypoint', 'nginx', image, '-t'],
  ]);

/** All that `nginx -t` prints besides its two lines of success: a warning is a finding, too. */
export const acceptedByNginx: Look = async (directory) => {
  const root = await lay(directory);
  const program = await localNginx();
  const { exitCode, output } = await (program === undefined ? testInImage(root) : testLocally(program, root));
  const said = output.split('\n').filter((line) => line !== '');
  const bad = said.filter((line) => !/ (?:syntax is ok|test is successful)$/.test(line));
  if (exitCode === 0 && said.length - bad.length === 2) return bad.join('\n');
  return output || `exit code ${exitCode}, and no output`;
};
