import assert from 'node:assert/strict';
import { shown } from '../../../src/emit/promises/shown.ts';

describe('a text as an offence quotes it', () => {
  it('is as it is where it is printable', () => assert.equal(shown('x: "ü ж 漢" — y…'), 'x: "ü ж 漢" — y…'));
  it('has nothing that moves a terminal, or turns the line around', () => {
    const hostile = 'a\n\r\t\u001b[2J\u009b0m\u0000\u007f\u200b\u200e\u202eb\u2028\u2066\ufeffc';
    assert.equal(shown(hostile), 'a????[2J?0m?????b???c');
  });
  it('has no half of a character', () => assert.equal(shown('a\ud83d\ude00\ud83d'), 'a??'));
  it('is cut where it is long', () => {
    assert.equal(shown('x'.repeat(300)).length, 300);
    assert.equal(shown('x'.repeat(301)), `${'x'.repeat(299)}…`);
    assert.equal(shown('abcdef', 4), 'abc…');
  });
});
