import assert from 'node:assert/strict';
import { expanded, shellCommands, withoutLauncher } from '../../../src/detect/read/shell.ts';

describe('the commands of a line of shell', () => {
  for (const [line, commands] of [
    ['uvicorn app.main:app --port 80', [['uvicorn', 'app.main:app', '--port', '80']]],
    [
      'alembic upgrade head && exec uvicorn "app:app"',
      [
        ['alembic', 'upgrade', 'head'],
        ['uvicorn', 'app:app'],
      ],
    ],
    ['a; b | c || d', [['a'], ['b'], ['c'], ['d']]],
    ['a > out.log 2>&1', [['a', 'out.log', '2', '1']]],
    ['A=1 B=2 celery -A app worker # comment', [['celery', '-A', 'app', 'worker']]],
    ['ls *.py', [['ls', '*.py']]],
    ['uvicorn app --port ${PORT:-8000}', [['uvicorn', 'app', '--port', '8000']]],
    ['uvicorn app --port $PORT', [['uvicorn', 'app', '--port', '$PORT']]],
    ["echo 'a  b' c\\ d", [['echo', 'a  b', 'c d']]],
    ['', []],
    ['   ', []],
    ['# only a comment', []],
    ['&& ;', []],
  ] as const) {
    it(JSON.stringify(line), () => assert.deepEqual(shellCommands(line), commands));
  }
  it('know the variables that are given', () => {
    assert.deepEqual(
      shellCommands('run $A ${B} ${C-none}', (name) => ['1', '2'][['A', 'B'].indexOf(name)]),
      [['run', '1', '2', 'none']],
    );
  });
  it('do not take a variable of ours for one of the shell', () => {
    process.env.COMICPILE_TEST_SECRET = 'hunter2';
    assert.doesNotMatch(JSON.stringify(shellCommands('run $COMICPILE_TEST_SECRET $HOME')), /hunter2|\/root|\/home/);
    delete process.env.COMICPILE_TEST_SECRET;
  });
  it('do not take what every object has for a variable', () => {
    assert.deepEqual(shellCommands('run $constructor ${toString} $__proto__'), [
      ['run', '$constructor', '$toString', '$__proto__'],
    ]);
  });
  it('end, whatever the line is', () => {
    for (const line of [
      '"'.repeat(9999),
      "'",
      '${',
      '${A:-${B:-${C}}}',
      '$('.repeat(9999),
      '`'.repeat(9999),
      '\\',
      'sh -c '.repeat(2000),
      'exec '.repeat(20_000),
      'uv run '.repeat(20_000),
      'tini -- '.repeat(20_000),
      '\u0000\uFFFE\uD800',
    ])
      assert.doesNotThrow(() => shellCommands(line), line.slice(0, 12));
  });
});

describe('variables with a default', () => {
  for (const [text, whole] of [
    ['$A and ${A}', '1 and 1'],
    ['${A:-x} ${B:-x} ${B-y} ${B=z} ${B:=w}', '1 x y z w'],
    ['$B ${B}', '$B $B'],
    ['${B:-}', ''],
    ['$1 $$ ${', '$1 $$ ${'],
    ['', ''],
  ] as const) {
    it(JSON.stringify(text), () =>
      assert.equal(
        expanded(text, (name) => (name === 'A' ? '1' : undefined), 100),
        whole,
      ),
    );
  }
});

describe('a line that grows with its variables', () => {
  it('is none past its bound', () => {
    const ten = () => '0123456789';
    assert.equal(expanded('$A$A', ten, 24), '01234567890123456789');
    assert.equal(expanded('$A$A', ten, 23), undefined);
    assert.equal(
      expanded('$A'.repeat(1_000_000), () => 'x'.repeat(10_000), 65_536),
      undefined,
    );
  });
  it('and a longer one has no commands', () => {
    assert.deepEqual(shellCommands(`run ${'x'.repeat(65_536)}`), []);
    assert.deepEqual(
      shellCommands('run $A', () => 'b'),
      [['run', 'b']],
    );
  });
});

describe('the words without their launcher', () => {
  for (const [line, rest] of [
    ['uv run --frozen uvicorn app', 'uvicorn app'],
    ['uv run --group prod --no-sync uvicorn app', 'uvicorn app'],
    ['poetry run python -m uvicorn app', 'uvicorn app'],
    ['python3.13 -m gunicorn app', 'gunicorn app'],
    ['/usr/bin/python -m gunicorn', 'gunicorn'],
    ['python main.py', 'python main.py'],
    ['sudo env A=1 nohup celery worker', 'celery worker'],
    ['tini -- uvicorn app', 'uvicorn app'],
    ['dumb-init uvicorn app', 'uvicorn app'],
    ['uv sync', 'uv sync'],
    ['exec', ''],
    ['', ''],
  ] as const) {
    it(line, () => assert.equal(withoutLauncher(line.split(' ').filter(Boolean)).join(' '), rest));
  }
  it('are the last command of sh -c', () => {
    assert.deepEqual(withoutLauncher(['sh', '-c', 'alembic upgrade head && uvicorn app']), ['uvicorn', 'app']);
  });
});
