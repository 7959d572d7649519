import assert from 'node:assert/strict';
import { readDockerfile } from '../../../src/detect/read/dockerfile.ts';

const shown = (...lines: readonly string[]) =>
  readDockerfile(lines.join('\n')).map(({ keyword, text, line, stage }) => `${line} ${stage} ${keyword} ${text}`);

describe('readDockerfile', () => {
  it('gives the instructions with their lines and stages', () => {
    assert.deepEqual(
      shown('# comment', 'FROM python:3.13 AS base', '', 'run pip install .', 'FROM base', 'EXPOSE 80'),
      ['2 0 FROM python:3.13 AS base', '4 0 RUN pip install .', '5 1 FROM base', '6 1 EXPOSE 80'],
    );
  });
  it('expands ARG and ENV, in the stage that they are of', () => {
    assert.deepEqual(
      shown(
        'ARG VERSION=3.13',
        'ARG PORT=1',
        'FROM python:${VERSION}',
        'ARG PORT',
        'ENV HOST=0.0.0.0 PORT="8001"',
        'ENV NAME the app',
        'CMD run $HOST:$PORT $NAME ${VERSION:-none}',
        'FROM python:$VERSION',
        'CMD run $PORT ${NAME:-none}',
      ).slice(2),
      [
        '3 0 FROM python:3.13',
        '4 0 ARG PORT',
        '5 0 ENV HOST=0.0.0.0 PORT="8001"',
        '6 0 ENV NAME the app',
        '7 0 CMD run 0.0.0.0:8001 the app 3.13',
        '8 1 FROM python:3.13',
        '9 1 CMD run 1 none',
      ],
    );
  });
  it('gives the strings of the JSON form, and only of that', () => {
    const [, json, shell] = readDockerfile('FROM x\nCMD ["uvicorn", "app:app", "--port", "80"]\nCMD uvicorn app:app\n');
    assert.deepEqual(json?.exec, ['uvicorn', 'app:app', '--port', '80']);
    assert.equal(shell?.exec, undefined);
  });
  it('leaves what grows too long with its variables as it is, and says so', () => {
    const value = 'x '.repeat(240);
    const long = (count: number) => readDockerfile(`FROM x\nENV B0="${value}"\nCMD run ${'$B0'.repeat(count)}\n`);
    const [, , grown] = long(1000);
    assert.deepEqual([grown?.isTooLong, grown?.text.slice(0, 10)], [true, 'run $B0$B0']);
    // And a whole file.
    assert.deepEqual(
      long(160_000).map(({ keyword, isTooLong }) => [keyword, isTooLong]),
      [['', true]],
    );
    const [, , usual] = readDockerfile(`FROM x\nENV B0="${value}"\nCMD run $B0$B0\n`);
    assert.deepEqual([usual?.isTooLong, usual?.text.length], [false, 4 + 2 * value.length]);
  });
  it('has one bound for all that is put into a file', () => {
    const lines = Array.from({ length: 150 }, () => `RUN ${'$B0'.repeat(130)}`);
    const read = readDockerfile(['FROM x', `ENV B0=${'x'.repeat(490)}`, ...lines].join('\n'));
    assert.ok(read.reduce((sum, { text }) => sum + text.length, 0) < 2_000_000);
    assert.deepEqual([read[2]?.isTooLong, read.at(-1)?.isTooLong], [false, true]);
  });
  for (const times of [2, 25, 59])
    it(`ends where values hold each other ${times} times`, () => {
      const lines = Array.from({ length: 59 }, (_, index) => `ENV B${index + 1}=${`$B${index}`.repeat(times)}`);
      const started = performance.now();
      const read = readDockerfile(['FROM x', 'ENV B0=0123456789', ...lines, 'EXPOSE $B59'].join('\n'));
      assert.ok(performance.now() - started < 2000);
      assert.ok(read.every(({ text }) => text.length <= 65_536));
    });
  it('joins lines that go on', () => {
    assert.deepEqual(shown('FROM x', 'RUN a && \\', '    b'), ['1 0 FROM x', '2 0 RUN a &&     b']);
  });
  it('gives nothing of nothing', () => {
    assert.deepEqual(readDockerfile(''), []);
    assert.deepEqual(readDockerfile('# only a comment\n\n'), []);
  });
  it('reads what it can of a broken one', () => {
    assert.deepEqual(shown('EXPOSE 80', 'FROM', 'CMD ["unclosed', 'HELLO ${').slice(0, 2), [
      '1 -1 EXPOSE 80',
      '2 0 FROM ',
    ]);
  });
  it('takes names of objects for names', () => {
    assert.deepEqual(
      shown('FROM x', 'ENV __proto__=1 constructor=2', 'CMD $constructor $toString').at(-1),
      '3 0 CMD 2 $toString',
    );
  });
  it('ends, whatever the file is', () => {
    for (const text of [
      'FROM x\n'.repeat(5000),
      `RUN ${'\\\n'.repeat(20_000)}`,
      `CMD ${'['.repeat(50_000)}`,
      `CMD [${'"a",'.repeat(20_000)}`,
      `ENV A=${'"'.repeat(50_000)}`,
      `ENV ${'A=$A$A '.repeat(2000)}`,
      `ARG ${'a'.repeat(100_000)}`,
      `RUN <<EOF\n${'x\n'.repeat(10_000)}`,
      '\u0000\uFFFE\uD800 x\n',
    ])
      assert.doesNotThrow(() => readDockerfile(text), text.slice(0, 12));
  });
  it('does not grow without end by variables that hold each other', () => {
    const values = Array.from({ length: 60 }, (_, index) => `ENV A${index + 1}=$A${index}$A${index}`);
    const read = readDockerfile(['FROM x', 'ENV A0=xx', ...values, 'CMD $A60'].join('\n'));
    assert.ok((read.at(-1)?.text.length ?? 0) < 1000);
  });
});
