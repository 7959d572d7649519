import assert from 'node:assert/strict';
import fc from 'fast-check';
import { appendLines, appendMissing, readEnv } from '../../src/base/envFile.ts';
import { statementsOf } from '../../src/base/envStatements.ts';

describe('readEnv', () => {
  // What it reads is a table, which the emitted scripts read as well: test/cases/env.test.ts.
  it('comes to an end on ten megabytes, whatever they are', () => {
    const texts = [
      'A=1\n'.repeat(300_000),
      `A=x${' '.repeat(1e7)}x`,
      `A="${'x\n'.repeat(5e6)}"`,
      'A="\\"\n'.repeat(1e5),
    ];
    for (const text of texts) assert.ok(readEnv(text).has('A'));
  });
});

describe('statementsOf', () => {
  it('knows the lines of each assignment, and what is written there', () => {
    const text = '# one\nA=1 # note\n\nB="two\nlines" # note\nC=\'${A}\\n\'D=4';
    assert.deepEqual(
      [...statementsOf(text)].map(({ key, written, firstLine, lastLine }) => [key, written, firstLine, lastLine]),
      [
        ['A', '1', 2, 2],
        ['B', 'two\nlines', 4, 5],
        ['C', '${A}\\n', 6, 6],
        ['D', '4', 6, 6],
      ],
    );
  });
});

describe('appendMissing', () => {
  const wanted = '# Title\n\n# about A\nA=1\n# about B\nB=2\n';
  it('is the wanted text for an empty file, but its title', () => {
    assert.equal(appendMissing('', wanted), '# about A\nA=1\n# about B\nB=2\n');
  });
  it('keeps every line of the user, and appends what is missing under its comment', () => {
    assert.equal(appendMissing('# mine\nA=mine # note\nX=9', wanted), '# mine\nA=mine # note\nX=9\n\n# about B\nB=2\n');
  });
  it('changes nothing where nothing is missing', () => {
    assert.equal(appendMissing('B=\nA=', wanted), 'B=\nA=');
  });
});

describe('appendMissing, whatever the file of the user looks like', () => {
  const keys = ['DOMAIN', 'DB_PASSWORD', 'SECRET_KEY', 'HTTP_PORT'];
  const wanted = keys.map((key) => `# about ${key}\n${key}=new-${key}\n`).join('\n');
  const value = fc.string({ unit: fc.constantFrom(...'ab1 ="\'#$\\\t:é\u2028'), maxLength: 12 });
  const line = fc.oneof(
    fc.constant(''),
    value.map((text) => `# ${text}`),
    value.map((text) => `not an assignment ${text.replace(/[=:]/g, '')}`),
    fc
      .tuple(
        fc.constantFrom('', ' ', '\t', 'export ', ' export\t'),
        fc.constantFrom(...keys, 'OWN', 'own_2'),
        fc.constantFrom('=', ' = ', '= ', ': '),
        fc.oneof(
          value,
          value.map((text) => `"${text}"`),
          value.map((text) => `'${text}' # note`),
        ),
      )
      .map((parts) => parts.join('')),
  );
  const file = fc
    .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, end, closed]) => lines.join(end) + (closed && lines.length > 0 ? end : ''));

  it('every byte of it stays, in front; the values too; and only missing keys are added, once', () => {
    fc.assert(
      fc.property(file, (before) => {
        const after = appendMissing(before, wanted);
        assert.ok(after.startsWith(before));
        const [had, has] = [readEnv(before), readEnv(after)];
        for (const [key, text] of had) assert.equal(has.get(key), text);
        const added = [...readEnv(after.slice(before.length)).keys()];
        assert.deepEqual(
          added,
          keys.filter((key) => !had.has(key)),
        );
        assert.equal(appendMissing(after, wanted), after);
      }),
      { numRuns: 2000 },
    );
  });

  it('a key that compose knows is never added a second time', () => {
    for (const text of ['DOMAIN=a\u2028b', 'DOMAIN=x\r', 'DOMAIN: x', 'export DOMAIN=x', "DOMAIN='x' # note"]) {
      assert.doesNotMatch(appendMissing(text, wanted), /new-DOMAIN/, JSON.stringify(text));
    }
  });
});

describe('appendLines', () => {
  it('appends the missing lines once', () => {
    const once = appendLines('node_modules/\r\n*.pem\n', '# ours\n*.pem\n*.key\n');
    assert.equal(once, 'node_modules/\r\n*.pem\n\n# generator-comicpile\n*.key\n');
    assert.equal(appendLines(once, '# ours\n*.pem\n*.key\n'), once);
  });
});

describe('an environment file whose values hold each other', () => {
  for (const times of [2, 25, 59])
    it(`ends, ${times} times in each line`, () => {
      const lines = Array.from({ length: 200 }, (_, index) => `B${index + 1}="${`$B${index}`.repeat(times)}"`);
      const read = readEnv(['B0=0123456789', ...lines].join('\n'));
      assert.ok([...read.values()].reduce((sum, value) => sum + value.length, 0) < 2_000_000);
      assert.equal(read.get('B1'), '0123456789'.repeat(times));
    });
  it('has one bound for all that is put into the file', () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `C${index}=$A`);
    const read = readEnv([`A=${'x'.repeat(60_000)}`, ...lines].join('\n'));
    assert.ok([...read.values()].reduce((sum, value) => sum + value.length, 0) < 2_000_000);
    assert.equal(read.get('C4999'), '$A');
  });
});
