import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { scratch } from '../fixture.ts';

/** Suites that say what mocha would. */
const table = `
export const everything = [];
export const suites = [
  { name: 'fast', lane: 'first', always: true, touches: [], command: 'echo "  3 passing"' },
  { name: 'one', lane: 'left', after: ['two'], touches: ['a'], command: 'echo "  4 passing"; test -e two-is-over' },
  { name: 'two', lane: 'right', touches: ['b'], command: 'echo "  5 passing"; sleep 3.1; seq 20000 >two-is-over' },
  { name: 'three', lane: 'last', touches: ['c'], command: 'bash c' },
];
`;

describe('.ci/run', () => {
  const directory = scratch();
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  const ci = async (...args: string[]) => {
    const { exitCode, stdout } = await execa('.ci/run', args, { cwd: directory, reject: false });
    const rows = new Map(
      [...stdout.matchAll(/^(\w+) +([\d.]+) +(\d+) +(\d+) +(\d+)$/gm)].map(([, name = '', ...cells]) => [name, cells]),
    );
    return {
      exitCode,
      stdout,
      rows,
      last: stdout.split('\n').at(-1),
      rests: stdout.match(/^did not run: .*$/gm) ?? [],
    };
  };
  const passing = 'echo "  6 passing"\n';

  before(async () => {
    for (const name of ['run', 'plan.mjs', 'passed'])
      cpSync(join(packageRoot(), '.ci', name), join(directory, '.ci', name));
    write('.ci/passed', '# words\n');
    write('.ci/suites.mjs', table);
    write('.gitignore', 'two-is-over\n');
    for (const name of ['a', 'b']) write(name, '1');
    write('c', passing);
    await execa('git', ['init', '--quiet'], { cwd: directory });
  });

  it('runs all at first, in the order that the table wants, tells what each cost, and sums up on its last line', async () => {
    const { exitCode, stdout, rows, last, rests } = await ci();
    assert.equal(exitCode, 0, stdout);
    assert.equal(last, '18 passed, 0 failed');
    assert.deepEqual([...rows.keys()], ['fast', 'one', 'two', 'three']);
    const [minutes = '', cpu = '', ...counts] = rows.get('two') ?? [];
    assert.ok(Number(minutes) > 0 && Number(cpu) < 60, stdout);
    assert.deepEqual(counts, ['5', '0']);
    assert.deepEqual(rests, []);
    assert.match(
      readFileSync(join(directory, '.ci/passed'), 'utf8'),
      /^# words\none \w{20} \S+\ntwo \w{20} \S+\nthree /,
    );
  });

  it('then only what always runs, and names the rest with the day', async () => {
    const { exitCode, rows, last, rests } = await ci();
    assert.deepEqual([exitCode, last, [...rows.keys()]], [0, '3 passed, 0 failed', ['fast']]);
    assert.equal(rests.length, 3);
    assert.match(rests[0] ?? '', /^did not run: one; .* passed on \d{4}-\d\d-\d\d$/);
  });

  it('a suite that is touched, though the one that it comes after is not', async () => {
    write('a', '2');
    assert.deepEqual([...(await ci()).rows.keys()], ['fast', 'one']);
  });

  for (const [what, text, failed] of [
    ['a test that fails', 'printf "  1 passing\n  2 failing\n\n  1) it broke\n"; exit 2', 2],
    ['an end before the end', 'echo "  6 passing"; exit 3', 1],
    ['no test at all', 'echo "  0 passing"', 1],
  ] as const) {
    it(`${what}: the exit code, the list at the end, and it runs again the next time`, async () => {
      write('c', `${text}\n`);
      for (let turn = 0; turn < 2; turn += 1) {
        const { exitCode, stdout, last } = await ci();
        assert.equal(exitCode, 1);
        assert.match(last ?? '', new RegExp(` passed, ${failed} failed$`));
        assert.match(
          stdout,
          failed === 2
            ? /== failed in three\n +2 failing[\s\S]*it broke/
            : /== failed in three\nsuite three did not run to its end/,
        );
      }
    });
  }

  it('`all` runs all, `plan` none; another word is refused', async () => {
    write('c', passing);
    assert.equal((await ci('all')).last, '18 passed, 0 failed');
    assert.match((await ci('plan')).stdout, /^run\tfast\t.*\nrest\tone\t.*\nrest\ttwo\t.*\nrest\tthree\t[\d-]+$/);
    assert.equal((await ci('al')).exitCode, 2);
  });
});
