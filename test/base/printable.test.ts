import assert from 'node:assert/strict';
import fc from 'fast-check';
import { printable, printableLines } from '../../src/base/printable.ts';
import { endOf, misuse, Refusal } from '../../src/base/refusal.ts';
import { bold, green } from '../../src/base/terminal.ts';

/** What a terminal obeys, what hides, and what turns a line around. */
const hostile = {
  'an escape sequence': ['\u001b[2J', '\\u001b[2J'],
  'a link (OSC 8)': ['\u001b]8;;https://evil.test\u0007x', '\\u001b]8;;https://evil.test\\u0007x'],
  'the start of a sequence in one character': ['\u009b1A', '\\u009b1A'],
  'a backspace': ['\b', '\\u0008'],
  'a lone carriage return': ['a\rb', 'a\\u000db'],
  'the end of a text': ['\0', '\\u0000'],
  delete: ['\u007f', '\\u007f'],
  'the other direction': ['\u202egpj.sh', '\\u202egpj.sh'],
  'an isolate': ['\u2066x\u2069', '\\u2066x\\u2069'],
  'no width': ['a\u200bb\u2060c\ufeffd', 'a\\u200bb\\u2060c\\ufeffd'],
  'a soft hyphen': ['a\u00adb', 'a\\u00adb'],
  'a blank of another kind': ['a\u00a0b\u2003\u2800', 'a\\u00a0b\\u2003\\u2800'],
  'a filler': ['\u3164\u115f', '\\u3164\\u115f'],
  'a tag': ['\u{e0041}', '\\udb40\\udc41'],
  'half of a character': ['\ud83d', '\\ud83d'],
  'lines of Unicode': ['a\u2028b\u2029c\u0085d', 'a\\u2028b\\u2029c\\u0085d'],
} as const;

describe('a text of somebody else on one line', () => {
  for (const [what, [given, shown]] of Object.entries(hostile))
    it(`shows ${what}`, () => assert.equal(printable(given), shown));
  it('is as it is where it is printable', () => assert.equal(printable('x: "ü ж 漢 😀" — y…'), 'x: "ü ж 漢 😀" — y…'));
  it('has one line', () => assert.equal(printable('a\n\tb\r\n'), 'a\\u000a\\u0009b\\u000d\\u000a'));
  it('is cut where it is long', () => {
    assert.equal(printable('x'.repeat(300)).length, 300);
    assert.equal(printable('x'.repeat(301)), `${'x'.repeat(299)}…`);
    assert.equal(printable('abcdef', 4), 'abc…');
  });
  it('says the same in JSON as before', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = JSON.stringify([text]);
        assert.deepEqual(JSON.parse(printable(written, Number.POSITIVE_INFINITY)), [text]);
      }),
    ));
});

describe('a message of several lines', () => {
  for (const [what, [given, shown]] of Object.entries(hostile))
    it(`shows ${what}`, () => assert.equal(printableLines(`1: ${given}\n2\tb\n`), `1: ${shown}\n2\tb\n`));
  it('keeps our colours, and no other sequence', () => {
    assert.equal(
      printableLines('\u001b[32m\u001b[1mx\u001b[22m\u001b[39m'),
      '\u001b[32m\u001b[1mx\u001b[22m\u001b[39m',
    );
    for (const other of ['8', '5', '7', '1;31', '0', '38;5;1'])
      assert.equal(printableLines(`\u001b[${other}mx`), `\\u001b[${other}mx`);
    assert.equal(printableLines(green(bold('x'))), green(bold('x')));
  });
  it('keeps the ends of lines as Windows has them', () => {
    assert.equal(printableLines('a\r\nb\r'), 'a\r\nb\r');
    assert.equal(printableLines('\u001b[32m+a\r\u001b[39m\nb'), '\u001b[32m+a\r\u001b[39m\nb');
  });
  it('lets nothing through, whatever it is given', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const left = printableLines(text).replace(/\r?\n|\r$|\t/g, '');
        assert.doesNotMatch(left, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2028\u2029]/u);
      }),
    ));
});

describe('a refusal', () => {
  it('has no colour of somebody else', () => {
    for (const { message } of [new Refusal('No:', ['\u001b[32mx']), misuse(['\u001b[2mx'])])
      assert.match(message, /\\u001b\[\d+mx$/);
  });
  it('a line that a problem quotes is no problem of its own', () => {
    const { message } = new Refusal('No:', ['a file:\n  - all is well', 'b']);
    assert.equal(message, 'No:\n  - a file:\n        - all is well\n  - b');
    assert.equal(endOf(new Refusal('No:', ['x\n      y']))?.message, 'No:\n  - x\n      y');
  });
});
