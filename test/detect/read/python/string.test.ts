import assert from 'node:assert/strict';
import { stringValue } from '../../../../src/detect/read/python/string.ts';

describe('a string of Python', () => {
  for (const [source, value] of [
    ['"a"', 'a'],
    ["'a\"b'", 'a"b'],
    ['"""a\n"b" """', 'a\n"b" '],
    ["'''a'''", 'a'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['"a\\\nb"', 'ab'],
    ['r"a\\"b"', 'a\\"b'],
    ['Rb"a\\\\"', 'a\\\\'],
    ['u"größe"', 'größe'],
    ['"\\n"', '\\n'],
    ['""', ''],
    ['""""""', ''],
    ['"unclosed', ''],
    ['', ''],
  ] as const) {
    it(`${JSON.stringify(source)} says ${JSON.stringify(value)}`, () => assert.equal(stringValue(source), value));
  }
  it('ends on half a megabyte of signs', () => {
    for (const sign of ['"', "'", '\\', 'r', '""\\'])
      assert.doesNotThrow(() => stringValue(sign.repeat(500_000)), sign);
  });
});
