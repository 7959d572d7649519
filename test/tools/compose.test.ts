import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { scratch } from '../fixture.ts';
import { edit, project, put, setNames } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { must, type Result, run } from './toolbox.ts';

type Service = {
  readonly cap_drop: unknown;
  readonly read_only: unknown;
  readonly security_opt: unknown;
  readonly deploy: { readonly resources: { readonly limits: object } };
};

const prodFile = 'docker-compose.prod.yml';
const overlay = 'docker-compose.monitoring.yml';

/** `docker compose config`, which must not print anything, not even a warning. */
const config = (cwd: string, ...options: string[]): Promise<Result> =>
  run('docker', ['compose', ...options, '--profile', '*', 'config', '--quiet'], { cwd });

const said = async (result: Promise<Result>): Promise<string> => {
  const { exitCode, output } = await result;
  return exitCode === 0 ? output : output || `exit code ${exitCode}`;
};

const development: Look = (cwd) => said(config(cwd));
/** The file of production, and the overlay of monitoring where it is. */
const filesOf = (cwd: string): readonly string[] => [prodFile, overlay].filter((file) => existsSync(join(cwd, file)));
const fileOptions = (cwd: string): string[] => filesOf(cwd).flatMap((file) => ['--file', file]);
const production = (cwd: string, envFile = '.env.production') =>
  config(cwd, ...fileOptions(cwd), '--env-file', envFile);

/** The names that the production file asks for and has no default for, outside its comments. */
const variables = (directory: string): readonly string[] => {
  const text = filesOf(directory)
    .map((file) => readFileSync(join(directory, file), 'utf8'))
    .join('')
    .replace(/^ *#.*$/gm, '');
  const names = [...text.matchAll(/\$\{(\w+)\b(?!:-)/g)].map(([, name = '']) => name);
  // COMPOSE_PROJECT_NAME is Compose's own word.
  return [...new Set(names)].filter((name) => name !== 'COMPOSE_PROJECT_NAME');
};

describeTool('docker', () => {
  before('docker compose is there', () => must('docker', ['compose', 'version']));

  describe('compose config of development', () => {
    findsNothing(development);
    finds(
      'a variable that is not set',
      (directory) => edit(directory, 'docker-compose.yml', (text) => text.replace('postgres_password', '${NOT_SET}')),
      development,
      /NOT_SET/,
    );
  });

  describe('compose config of production', () => {
    const look: Look = (cwd) => said(production(cwd));
    findsNothing(look);
    finds(
      'a key that Compose does not know',
      (directory) => edit(directory, prodFile, (text) => text.replace('read_only: true', 'readonly: true')),
      look,
      /readonly/,
    );

    for (const name of setNames) {
      it(`fails and names the variable that the environment file lacks, in ${name}`, async () => {
        const directory = await project(name);
        const env = readFileSync(join(directory, '.env.production'), 'utf8');
        assert.ok(variables(directory).length >= 3, 'the production file asks for nothing');
        for (const variable of variables(directory)) {
          // There is no former value before the first rotation: its line may be empty, but not missing.
          for (const line of variable.endsWith('_PREVIOUS') ? [''] : ['', `${variable}=`]) {
            const file = scratch();
            put(file, 'env', env.replace(new RegExp(`^${variable}=.*$`, 'm'), line));
            const { exitCode, output } = await production(directory, join(file, 'env'));
            assert.notEqual(exitCode, 0, `${variable} may be missing`);
            assert.match(output, new RegExp(`variable ${variable} is missing a value`));
          }
        }
      });
    }
  });

  describe('the model of production', () => {
    for (const name of setNames) {
      it(`bounds every service of ${name} and publishes nginx only`, async () => {
        const cwd = await project(name);
        const args = ['compose', ...fileOptions(cwd), '--env-file', '.env.production', '--profile', '*', 'config'];
        const { stdout } = await must('docker', args, { cwd });
        const { services } = load(stdout) as { services: Readonly<Record<string, Service>> };
        assert.ok(Object.keys(services).length >= 4);
        for (const [service, model] of Object.entries(services)) {
          assert.deepEqual(model.cap_drop, ['ALL'], service);
          assert.equal(model.read_only, true, service);
          assert.deepEqual(model.security_opt, ['no-new-privileges:true'], service);
          assert.deepEqual(Object.keys(model.deploy.resources.limits).sort(), ['cpus', 'memory', 'pids'], service);
          assert.equal('ports' in model, service === 'nginx', service);
        }
      });
    }
  });
});
