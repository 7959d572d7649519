import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { Refusal } from '../../src/base/refusal.ts';
import { version } from '../../src/base/version.ts';
import { help } from '../../src/cli/help.ts';
import { ended, main } from '../../src/cli/main.ts';
import { folderWith, scratch, silentDoor } from '../fixture.ts';

/** What `comicpile` with these words ends with, and what it has written to the terminal. */
const comicpile = async (argv: readonly string[], cwd = scratch()) => {
  const door = silentDoor();
  const written: string[] = [];
  const { write } = process.stdout;
  const { error } = console;
  const errors: string[] = [];
  process.stdout.write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  console.error = (text: unknown) => errors.push(String(text));
  try {
    const code = await ended(() => main(door, argv, cwd));
    return { code, stdout: [...written, ...door.said].join('\n'), stderr: errors.join('\n') };
  } finally {
    process.stdout.write = write;
    console.error = error;
  }
};

describe('the end of a run', () => {
  it('is its exit code', async () => assert.equal(await ended(async () => 7), 7));
  it('is the code of a refusal', async () => {
    const said: unknown[] = [];
    const { error } = console;
    console.error = (text: unknown) => said.push(text);
    try {
      assert.equal(await ended(() => Promise.reject(new Refusal('no', ['a'], 3))), 3);
    } finally {
      console.error = error;
    }
    assert.deepEqual(said, ['no\n  - a']);
  });
  it('is none for what is our own fault: the error goes on', () =>
    assert.rejects(
      ended(() => Promise.reject(new TypeError('ours'))),
      TypeError,
    ));
});

describe('comicpile', () => {
  for (const [argv, word, all] of [
    [['-h'], undefined, false],
    [['--help'], undefined, false],
    [['help'], undefined, false],
    [['--help', '--all'], undefined, true],
    [['help', '--all'], undefined, true],
    [['nginx', '--help'], 'nginx', false],
    [['help', 'nginx'], 'nginx', false],
    [['update', '-h', '--dry-run'], 'update', false],
    [['--help', '--domian', 'x'], undefined, false],
  ] as const) {
    it(`gives the help of ${word ?? 'all'} for ${argv.join(' ')}`, async () =>
      assert.deepEqual(await comicpile(argv), { code: 0, stdout: help(silentDoor(), word, all), stderr: '' }));
  }
  for (const flag of ['--version', '-v'])
    it(`knows its version by ${flag}`, async () =>
      assert.deepEqual(await comicpile([flag]), { code: 0, stdout: version(), stderr: '' }));

  for (const [title, argv, ...expected] of [
    ['missing answers, all of them', [], '--domain', '--app-name', '--db-user', '--yes'],
    ['bad answers, all of them', ['--yes', '--domain', 'x', '--body-size', '9'], '--domain: "x"', '--body-size: "9"'],
    ['an unknown flag', ['--domian', 'x'], 'There is no flag --domian. Did you mean --domain?'],
    [
      'an unknown owner',
      ['ngnix'],
      'There is no command "ngnix". Did you mean "nginx"? All commands: comicpile --help',
    ],
    ['a key of the answers file', ['--yes', '--answers', 'typo.yml'], 'no question "domian". Did you mean "domain"?'],
    ['--all without --help', ['--all'], '--all is for the help of all questions: comicpile --help --all'],
    ['a flag without a value', ['--yes', '--output='], '--output needs a value: --output FOLDER.'],
    ['help of what is no command', ['help', 'ngnix'], 'Did you mean "nginx"?'],
    ['a finding that is none', ['check', '--allow', 'edtied'], 'Did you mean'],
    ['an absent answers file', ['--yes', '--answers', 'no.yml'], 'no such answers file'],
    ['a hostile answers file', ['--yes', '--answers', 'hostile.yml'], 'hostile.yml is not YAML'],
  ] as const) {
    it(`refuses ${title}: exit 2, nothing written`, async () => {
      const directory = folderWith({
        'hostile.yml': 'a: &a [x,x]\nb: &b [*a,*a]\ndomain: *b\n',
        'typo.yml': 'domian: a.example\n',
      });
      const { code, stderr, stdout } = await comicpile(argv, directory);
      assert.equal(code, 2, stderr);
      for (const part of expected) assert.ok(stderr.includes(part), stderr);
      assert.equal(stdout, '');
      assert.deepEqual(readdirSync(directory).sort(), ['hostile.yml', 'typo.yml']);
    });
  }
});
