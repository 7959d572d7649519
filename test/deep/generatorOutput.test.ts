import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Door } from '../../src/base/door.ts';
import { readEnv } from '../../src/base/envFile.ts';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { commandsOf } from '../../src/cli/door.ts';
import { draw, secretHolders } from '../../src/model/secrets.ts';
import { scratch } from '../fixture.ts';
import { generateIn } from '../generateIn.ts';

const names = [...secretHolders(false)].filter(([, services]) => services.length > 0).map(([name]) => name);

/** The values that a project has, by name; former ones are given to it first. */
const valuesIn = (directory: string, delivery: 'env' | 'files'): ReadonlyMap<string, string> => {
  const env = readEnv(readFileSync(join(directory, '.env.production'), 'utf8'));
  const read = (name: string) =>
    delivery === 'env' ? env.get(name) : readFileSync(join(directory, `secrets/${name.toLowerCase()}`), 'utf8').trim();
  return new Map(names.map((name) => [name, read(name) ?? ''] as const).filter(([, value]) => value !== ''));
};

for (const delivery of ['env', 'files'] as const) {
  describe(`what the generator prints and writes beside the secrets, --secrets ${delivery}`, () => {
    const directory = scratch();
    const outputs: (readonly [what: string, text: string])[] = [];
    const comicpile = (what: string, ...args: string[]): string => {
      const { stdout, stderr } = spawnSync(process.execPath, [join(packageRoot(), 'dist/bin/comicpile.js'), ...args], {
        cwd: directory,
        encoding: 'utf8',
        env: { PATH: dirname(process.execPath) },
      });
      outputs.push([what, stdout + stderr]);
      return stdout + stderr;
    };
    const all = new Map<string, string>();
    const remember = () => {
      for (const [name, value] of valuesIn(directory, delivery)) all.set(`${name} ${all.size}`, value);
    };
    const found = (text: string) => [...all].filter(([, value]) => text.includes(value)).map(([name]) => name);

    before(async () => {
      comicpile('the first run', '--yes', '--secrets', delivery, '--monitoring', 'on');
      // As after a rotation.
      for (const name of names.filter((one) => one.endsWith('_PREVIOUS'))) {
        const path = join(directory, delivery === 'env' ? '.env.production' : `secrets/${name.toLowerCase()}`);
        const text = readFileSync(path, 'utf8');
        const line = new RegExp(`^${name}=.*$`, 'm');
        writeFileSync(path, delivery === 'env' ? text.replace(line, `${name}=${draw(32)}`) : draw(32));
      }
      remember();
      comicpile('the second run');
      comicpile('--help', '--help');
      comicpile('--dry-run', '--dry-run', '--domain', 'other.example');
      comicpile('--diff', '--diff', '--domain', 'other.example');
      // A key is missing, and the user has edited a file of ours and a weak value of his own.
      const env = readFileSync(join(directory, '.env.production'), 'utf8');
      writeFileSync(join(directory, '.env.production'), env.replace(/^HTTP_PORT=.*\n/m, ''));
      appendFileSync(join(directory, 'docker-compose.prod.yml'), '# mine\n');
      assert.match(comicpile('--diff of an extended file', '--diff'), /\.env\.production: extend \(mode 0600/);
      rmSync(join(directory, '.comicpile/lock.json'));
      assert.match(comicpile('a refused conflict'), /docker-compose\.prod\.yml/);
      const shown: string[] = [];
      const door: Door = {
        interactive: true,
        run: commandsOf('comicpile'),
        say: (line) => shown.push(line),
        prompt: (questions) => {
          shown.push(JSON.stringify(questions));
          return Promise.resolve({ choice: 'overwrite' });
        },
      };
      await generateIn(directory, door, {});
      outputs.push(['a conflict that is shown and settled', shown.join('\n')]);
      assert.match(shown.join('\n'), /-# mine/);
      if (delivery === 'env') {
        const weak = readFileSync(join(directory, '.env.production'), 'utf8');
        const value = `my-secret-${draw(32)}`;
        writeFileSync(join(directory, '.env.production'), weak.replace(/^SECRET_KEY=.*$/m, `SECRET_KEY=${value}`));
        assert.match(comicpile('a weak value'), /SECRET_KEY in this project is a placeholder/);
      }
      // With a secret where none belongs: in an edited file of ours, and in git.
      remember();
      const [value = ''] = all.values();
      appendFileSync(join(directory, 'nginx/nginx.conf'), `# ${value}\n`);
      const secret = delivery === 'env' ? '.env.production' : 'secrets/db_password';
      spawnSync('git', ['init', '--quiet'], { cwd: directory });
      spawnSync('git', ['add', '--force', secret], { cwd: directory });
      assert.match(comicpile('check', 'check'), new RegExp(`^secret +${secret}: `, 'm'));
      comicpile('check --json', 'check', '--json');
      comicpile('check --sarif', 'check', '--sarif');
      assert.match(comicpile('diff of a secret', 'diff', '.env.production'), /are never shown/);
      assert.match(comicpile('diff of a file with a secret', 'diff', 'nginx/nginx.conf'), /^\+# \(a secret\)$/m);
      comicpile('update --dry-run', 'update', '--dry-run', '--allow-dirty', '--domain', 'third.example');
      comicpile('update', 'update', '--allow-dirty', '--domain', 'third.example');
      comicpile('templates list', 'templates', 'list');
      const conf = readFileSync(join(directory, 'nginx/nginx.conf'), 'utf8');
      writeFileSync(join(directory, 'nginx/nginx.conf'), conf.replace(`# ${value}\n`, ''));
      remember();
    });

    it('no secret is in any output', () => {
      assert.equal(outputs.length, delivery === 'env' ? 17 : 16);
      assert.ok(all.size >= names.length * 2);
      for (const [what, text] of outputs) {
        assert.notEqual(text, '', what);
        assert.deepEqual(found(text), [], what);
      }
    });

    it('each is in one file: its own', () => {
      const now = valuesIn(directory, delivery);
      assert.deepEqual([...now.keys()], names);
      const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
        .filter((path) => statSync(join(directory, path)).isFile())
        .map((path) => [path, readFileSync(join(directory, path), 'utf8')] as const);
      for (const [name, value] of now) {
        const holding = files.filter(([, text]) => text.includes(value)).map(([path]) => path);
        assert.deepEqual(holding, [delivery === 'env' ? '.env.production' : `secrets/${name.toLowerCase()}`]);
      }
    });
  });
}
