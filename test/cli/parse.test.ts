import assert from 'node:assert/strict';
import { parseLine } from '../../src/cli/parse.ts';

const reads = (line: string, words: readonly string[], values: Readonly<Record<string, unknown>>) =>
  it(`reads ${line}`, () => {
    const found = parseLine(line.split(' '));
    assert.deepEqual([found.problems, found.words, found.values], [[], words, values]);
  });
const refuses = (title: string, args: readonly string[], ...problems: readonly string[]) =>
  it(`refuses ${title}`, () => assert.deepEqual(parseLine(args).problems, problems));

describe('parseLine', () => {
  reads('nginx --yes --domain a.example', ['nginx'], { yes: true, domain: 'a.example' });
  reads('--domain=a.example --app-name=x', [], { domain: 'a.example', appName: 'x' });
  reads('-y update', ['update'], { yes: true });
  reads('--yes nginx', ['nginx'], { yes: true });
  reads('--yes --yes', [], { yes: true });
  reads('--domain a.example --domain b.example', [], { domain: 'b.example' });
  reads('diff -- --odd', ['diff', '--odd'], {});
  reads('--endpoints=path=/x', [], { endpoints: 'path=/x' });
  reads('--body-size=-5', [], { bodySize: '-5' });
  reads('--python-version 3.10', [], { pythonVersion: '3.10' });
  reads('audit --only run-* --only=edge-tls', ['audit'], { only: ['run-*', 'edge-tls'] });
  it('takes an empty answer, which says none', () =>
    assert.deepEqual(parseLine(['--server-names', '', '--packs=']).values, { serverNames: '', packs: '' }));
  for (const [args, wanted] of [
    [['-h'], 'help'],
    [['update', '--help'], 'help'],
    [['-v'], 'version'],
    [['--version'], 'version'],
    [['--all'], 'all'],
  ] as const) {
    it(`hears ${args.join(' ')}`, () => {
      const { wants, problems } = parseLine(args);
      assert.deepEqual([wants[wanted], problems], [true, []]);
    });
  }
  it('reads a group of short flags', () => {
    const { wants, values } = parseLine(['-yh']);
    assert.deepEqual([wants.help, values], [true, { yes: true }]);
  });

  refuses('a typing error', ['--domian', 'x'], 'There is no flag --domian. Did you mean --domain?');
  refuses('a typing error with an equals sign', ['--domian=x'], 'There is no flag --domian. Did you mean --domain?');
  refuses('the beginning of a flag', ['--dry'], 'There is no flag --dry. Did you mean --dry-run?');
  refuses('a flag that is like no other', ['--kubernetes'], 'There is no flag --kubernetes.');
  refuses('an unknown letter', ['-x'], 'There is no flag -x.');
  refuses('a flag with no- before it', ['--no-force'], 'There is no flag --no-force: leave --force out.');
  refuses('a flag without its value', ['--domain'], '--domain needs a value.');
  refuses(
    'a flag in the place of a value',
    ['--domain', '--yes'],
    '--domain needs a value; one that begins with a hyphen is given as --domain=--yes',
  );
  refuses(
    'a negative number in the place of a value',
    ['--rate-limit', '-5'],
    '--rate-limit needs a value; one that begins with a hyphen is given as --rate-limit=-5',
  );
  refuses('a value where there is none', ['--yes=true'], '--yes takes no value.');
  refuses(
    'all of it at once',
    ['--domian', 'x', '--yse', 'nginx'],
    'There is no flag --domian. Did you mean --domain?',
    'There is no flag --yse. Did you mean --yes?',
  );
  refuses(
    'names of the language itself',
    ['--constructor', '--__proto__'],
    'There is no flag --constructor.',
    'There is no flag --__proto__.',
  );
  refuses('control characters, without showing them', ['--a\u001b[2J'], 'There is no flag --a\\u001b[2J.');

  it('takes what follows an unknown flag for its value, but for a command', () => {
    assert.deepEqual(parseLine(['--domian', 'x']).words, []);
    assert.deepEqual(parseLine(['--yse', 'nginx']).words, ['nginx']);
  });
  it('leaves flags of somebody else alone', () => {
    const { problems, values } = parseLine(['x', '--no-insight', '--yes'], ['no-insight']);
    assert.deepEqual([problems, values], [[], { yes: true }]);
  });
});
