import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { execa, type Options } from 'execa';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { scratch } from '../fixture.ts';
import { pack } from '../tarball.ts';
import { give, someone } from '../unprivileged.ts';

// The npm packages that ship Node's own binaries; the running Node is the third.
const nodes = ['20', '22', '24'] as const;
const platform = `${process.platform}-${process.arch}`;

/** The tarball installed globally with yo, as a user does, run under one version of Node. */
describe('the packed tarball', () => {
  const root = scratch();
  const prefix = join(root, 'global');
  const home = join(root, 'home');

  before(async () => {
    chmodSync(root, 0o755);
    mkdirSync(home);
    await execa(
      'npm',
      ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', 'yo@7', pack(packageRoot(), root)],
      { cwd: root },
    );
  });

  it('holds neither tests nor sources', () => {
    const installed = join(prefix, 'lib/node_modules/generator-comicpile');
    assert.deepEqual(readdirSync(join(installed, 'dist')).sort(), [
      'bin',
      'generators',
      'src',
      'templates.cjs',
      'templates.txt',
    ]);
    assert.equal(existsSync(join(installed, 'src')), false);
  });

  for (const version of nodes) {
    describe(`on Node ${version}`, () => {
      let folder = dirname(process.execPath);

      before(async () => {
        if (process.version.startsWith(`v${version}.`)) return;
        const own = join(root, `node-${version}`);
        await execa('npm', ['install', '--prefix', own, '--no-audit', '--no-fund', `node-${platform}@${version}`]);
        folder = join(own, `node_modules/node-${platform}/bin`);
      });

      const run = async (command: string, args: readonly string[], cwd: string, options: Options = {}) => {
        const env = {
          HOME: home,
          PATH: [join(prefix, 'bin'), folder, '/usr/bin', '/bin'].join(delimiter),
          NO_UPDATE_NOTIFIER: '1',
        };
        const { exitCode, stdout, stderr } = await execa(command, args, {
          cwd,
          env,
          extendEnv: false,
          reject: false,
          stdin: 'ignore',
          ...options,
        });
        return { exitCode, stdout: String(stdout), stderr: String(stderr) };
      };
      const project = () => {
        const directory = scratch();
        for (const path of [directory, home]) give(path);
        return directory;
      };

      it('is that Node', async () => {
        assert.match((await run('node', ['--version'], root)).stdout, new RegExp(`^v${version}\\.`));
      });

      it('yo comicpile writes the project, and a second run nothing', async () => {
        const directory = project();
        const first = await run(
          'yo',
          ['comicpile', '--yes', '--skip-install', '--domain', 'app.example.test'],
          directory,
          someone,
        );
        assert.equal(first.exitCode, 0, first.stderr);
        assert.equal(statSync(join(directory, '.env.production')).mode & 0o777, 0o600);
        assert.match(readFileSync(join(directory, 'nginx/sites/site.conf'), 'utf8'), /server_name app\.example\.test;/);
        const second = await run('yo', ['comicpile', '--dry-run'], directory, someone);
        assert.equal(second.exitCode, 0, second.stdout);
      });

      it('yo comicpile:nginx regenerates its files, and an edited one stays', async () => {
        const directory = project();
        assert.equal((await run('yo', ['comicpile:nginx', '--yes'], directory, someone)).exitCode, 0);
        writeFileSync(join(directory, 'nginx/nginx.conf'), '# mine\n');
        const { exitCode, stderr } = await run('yo', ['comicpile:nginx', '--yes'], directory, someone);
        assert.equal(exitCode, 0, stderr);
        assert.equal(readFileSync(join(directory, 'nginx/nginx.conf'), 'utf8'), '# mine\n');
      });

      it('yo refuses a flag that nobody knows', async () => {
        const directory = project();
        const { exitCode, stderr } = await run(
          'yo',
          ['comicpile', '--yes', '--domian', 'x.example'],
          directory,
          someone,
        );
        assert.equal(exitCode, 2);
        assert.match(stderr, /There is no flag --domian\. Did you mean --domain\?/);
        assert.deepEqual(readdirSync(directory), []);
      });

      it('yo comicpile --help explains the flags', async () => {
        assert.match((await run('yo', ['comicpile', '--help'], project(), someone)).stdout, /--db-user VALUE/);
      });

      it('comicpile writes the same project, as root too', async () => {
        const directory = scratch();
        const { exitCode, stderr } = await run('comicpile', ['--yes', '--skip-install'], directory);
        assert.equal(exitCode, 0, stderr);
        assert.equal((await run('comicpile', ['--diff'], directory)).exitCode, 0);
      });
    });
  }
});
