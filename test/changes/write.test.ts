import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { recordsOf } from '../../src/base/disk/records.ts';
import { inTree } from '../../src/base/disk/tree.ts';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { Refusal } from '../../src/base/refusal.ts';
import type { Change } from '../../src/changes/change.ts';
import { newStaging } from '../../src/changes/staging.ts';
import { resume, stage, wasInterrupted, write } from '../../src/changes/write.ts';
import { changeOf, folderWith, scratch } from '../fixture.ts';
import { give, someone } from '../unprivileged.ts';

const change = (to: string, mode: number, after = 'text\n') => changeOf({ to, mode, after });

describe('write', () => {
  it('writes each file whole, with its mode whatever the umask', () => {
    const directory = join(scratch(), 'new');
    const umask = process.umask(0o077);
    try {
      write(directory, [
        change('a/b/c.sh', 0o755),
        { ...change('secrets/key', 0o600), kind: 'secret' },
        change('.env.production', 0o600),
        change('x', 0o644),
      ]);
    } finally {
      process.umask(umask);
    }
    const modeOf = (to: string) => statSync(join(directory, to)).mode & 0o777;
    assert.deepEqual(['a/b/c.sh', 'secrets/key', '.env.production', 'x'].map(modeOf), [0o755, 0o600, 0o600, 0o644]);
    // Containers look into the folders under other users; nobody else does into one of secrets.
    assert.deepEqual(['a', 'a/b', 'secrets'].map(modeOf), [0o755, 0o755, 0o700]);
    assert.equal(readFileSync(join(directory, 'x'), 'utf8'), 'text\n');
  });
  it('leaves nothing but the files', () => {
    const directory = scratch();
    write(directory, [change('x', 0o644)]);
    assert.deepEqual(readdirSync(directory), ['x']);
  });
  it('leaves nothing at all when one file cannot be staged', () => {
    const directory = scratch();
    const broken = { ...change('y', 0o644), after: Symbol('no text') as unknown as string };
    assert.throws(() => write(directory, [change('x', 0o644), broken]));
    assert.deepEqual(readdirSync(directory), []);
  });
  it('removes what is no longer ours, and the folders that are empty then', () => {
    const directory = scratch();
    write(directory, [change('a/b/x', 0o644), change('a/y', 0o644)]);
    write(directory, [{ ...change('a/b/x', 0o644), action: 'remove', before: 'text\n' }]);
    assert.deepEqual(readdirSync(join(directory, 'a')), ['y']);
  });
  it('does nothing for no change', () => {
    const directory = join(scratch(), 'absent');
    write(directory, []);
    assert.equal(existsSync(directory), false);
  });
  it('begins with nothing where one folder cannot be written to', () => {
    const directory = scratch();
    write(directory, [change('nginx/x', 0o644), change('y', 0o644)]);
    for (const path of [directory, join(directory, 'nginx'), join(directory, 'y'), join(directory, 'nginx/x')])
      give(path);
    chmodSync(join(directory, 'nginx'), 0o555);
    const module = join(packageRoot(), 'dist/src/changes/write.js');
    const changes = ['y', 'nginx/x'].map((to) => ({ ...change(to, 0o644, 'new\n'), before: 'text\n' }));
    const code = `import { write } from ${JSON.stringify(module)};
      try { write(${JSON.stringify(directory)}, ${JSON.stringify(changes)}); } catch (error) { console.log(error.message); }`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
      env: { HOME: '/nonexistent' },
      ...someone,
    });
    assert.equal(stderr, '');
    assert.match(
      stdout,
      /^There is no permission to write here \(nothing was written\):\n {2}- .*\/nginx cannot be written/,
    );
    assert.equal(readFileSync(join(directory, 'y'), 'utf8'), 'text\n');
    assert.deepEqual(readdirSync(directory).sort(), ['nginx', 'y']);
  });
  it('overwrites nothing that has changed since it was looked at, nor what has come up', () => {
    const directory = folderWith({ x: 'theirs\n', y: 'text\n' });
    const changes = [change('x', 0o644), { ...change('y', 0o644), before: 'former\n' }, change('z', 0o644)];
    assert.throws(
      () => write(directory, changes),
      (error) => error instanceof Refusal && error.code === 1 && error.problems.join() === 'x,y',
    );
    assert.deepEqual(readdirSync(directory), ['x', 'y']);
    assert.equal(readFileSync(join(directory, 'x'), 'utf8'), 'theirs\n');
  });

  describe('never leaves the project', () => {
    for (const to of ['../x', '/etc/x', '.git/hooks/x', 'vendor/.GIT/hooks/x', 'a/../../x']) {
      it(`for ${to}`, () => {
        const directory = scratch();
        for (const each of [change(to, 0o755), { ...change(to, 0o755), action: 'remove' } as const]) {
          assert.throws(() => write(directory, [change('y', 0o644), each]), Refusal);
        }
        assert.deepEqual(readdirSync(directory), []);
      });
    }
    for (const action of ['create', 'update', 'remove', 'backup'] as const) {
      it(`by a link: ${action}`, () => {
        const directory = scratch();
        const outside = folderWith({ x: 'text\n' });
        symlinkSync(outside, join(directory, 'folder'));
        symlinkSync(join(outside, 'x'), join(directory, 'file'));
        for (const to of ['folder/x', 'folder/new', 'file']) {
          const own = action === 'backup' ? { to: 'copy', copyOf: to, before: '' } : { to };
          assert.throws(() => write(directory, [{ ...change('y', 0o644), before: 'text\n', action, ...own }]), Refusal);
        }
        assert.deepEqual(readdirSync(directory).sort(), ['file', 'folder']);
        assert.deepEqual(readdirSync(outside), ['x']);
        assert.equal(readFileSync(join(outside, 'x'), 'utf8'), 'text\n');
      });
    }
  });
});

describe('resume', () => {
  const said: string[] = [];
  const resumed = (directory: string): readonly string[] => {
    said.length = 0;
    resume(directory, (line) => said.push(line));
    return said;
  };
  /** What a run leaves that ends after its decision, and what its one change would do. */
  const killed = (directory: string, changes: readonly Change[], meanwhile = (_staging: string): void => undefined) => {
    const exchanged = Symbol('killed');
    assert.throws(() =>
      inTree(directory, (tree) => {
        const { folder, decide } = newStaging(tree);
        decide(stage(tree, folder, changes));
        throw exchanged;
      }),
    );
    const name = readdirSync(directory).find((each) => each.startsWith('.comicpile-staging-')) ?? assert.fail();
    meanwhile(join(directory, name));
    return name;
  };

  it('finishes a run that was killed after its decision', () => {
    const directory = scratch();
    killed(directory, [change('a/x', 0o600)]);
    assert.equal(wasInterrupted(directory), true);
    assert.deepEqual(resumed(directory), []);
    assert.equal(wasInterrupted(directory), false);
    assert.deepEqual(readdirSync(directory), ['a']);
    assert.equal(statSync(join(directory, 'a/x')).mode & 0o777, 0o600);
  });

  it('drops what a run had only begun, and leaves alone what another process is at', () => {
    const directory = scratch();
    inTree(directory, (tree) => newStaging(tree));
    assert.equal(wasInterrupted(directory), false);
    assert.deepEqual(resumed(directory), []);
    assert.deepEqual(readdirSync(directory), []);
    const records = recordsOf(directory, true) ?? assert.fail();
    mkdirSync(join(directory, '.comicpile-staging-abc'));
    records.begin('abc', JSON.stringify({ pid: process.ppid }));
    assert.deepEqual(resumed(directory), []);
    assert.deepEqual(readdirSync(directory), ['.comicpile-staging-abc']);
    records.drop('abc');
  });

  it('believes no journal that is in the project', () => {
    const directory = scratch();
    const outside = scratch();
    const name = '.comicpile-staging-999999999-x';
    const steps = [{ from: '0', to: `../${basename(outside)}/authorized_keys`, folderMode: 0o700 }];
    for (const journal of [steps, { pid: 999999999, steps }]) {
      mkdirSync(join(directory, name), { recursive: true });
      writeFileSync(join(directory, name, 'journal.json'), JSON.stringify(journal));
      writeFileSync(join(directory, name, '0'), 'a key\n');
      assert.match(
        resumed(directory).join(),
        /^\.comicpile-staging-999999999-x is not of a run of yours on this machine/,
      );
      assert.equal(wasInterrupted(directory), false);
    }
    assert.deepEqual(readdirSync(outside), []);
    assert.deepEqual(readdirSync(join(directory, name)).sort(), ['0', 'journal.json']);
  });

  it('tells a few of such folders, whatever they are called', () => {
    const directory = scratch();
    for (let index = 0; index < 20; index += 1) mkdirSync(join(directory, `.comicpile-staging-${index}\u001b[2J`));
    const lines = resumed(directory);
    assert.equal(lines.length, 6);
    assert.ok(lines.every((line) => !line.includes('\u001b')));
  });

  const changed: Readonly<Record<string, (staging: string, directory: string) => void>> = {
    'a file that was staged': (staging) => writeFileSync(join(staging, '0'), 'a key\n'),
    'a file that was staged, for a link': (staging, directory) => {
      rmSync(join(staging, '0'));
      symlinkSync(join(directory, 'x'), join(staging, '0'));
    },
    'the file in its place': (_, directory) => {
      mkdirSync(join(directory, 'a'));
      writeFileSync(join(directory, 'a/x'), 'theirs\n');
    },
  };
  for (const [what, exchange] of Object.entries(changed)) {
    it(`refuses where somebody has changed ${what}`, () => {
      const directory = folderWith({ x: 'text\n' });
      const name = killed(directory, [change('a/x', 0o600)], (staging) => exchange(staging, directory));
      const before = readdirSync(directory, { recursive: true });
      assert.throws(
        () => resumed(directory),
        (error) => error instanceof Refusal && error.code === 1 && error.problems.join('\n').includes(`rm -r ${name}`),
      );
      assert.deepEqual(readdirSync(directory, { recursive: true }), before);
      // Given up as it says.
      rmSync(join(directory, name), { recursive: true });
      assert.deepEqual(resumed(directory), []);
    });
  }

  it('refuses a link on the way, and follows none', () => {
    const directory = scratch();
    const outside = scratch();
    killed(directory, [change('a/x', 0o600)], () => symlinkSync(outside, join(directory, 'a')));
    assert.throws(
      () => resumed(directory),
      (error) => error instanceof Refusal && error.code === 2,
    );
    assert.deepEqual(readdirSync(outside), []);
  });

  it('takes no other folder of the same name for the one that it has noted', () => {
    const directory = scratch();
    const name = killed(directory, [change('a/x', 0o600)], (staging) => {
      cpSync(staging, `${staging}.copy`, { recursive: true });
      rmSync(staging, { recursive: true });
      mkdirSync(`${staging}.other`);
      renameSync(`${staging}.copy`, staging);
    });
    assert.match(resumed(directory).join('\n'), new RegExp(`^${name} is not of a run of yours`, 'm'));
    assert.equal(existsSync(join(directory, 'a')), false);
    assert.ok(existsSync(join(directory, name, '0')));
  });
});
