import assert from 'node:assert/strict';
import { at, listIn, mapIn, readYaml, scalarsIn, textAt, written, type Yaml } from '../../../src/emit/promises/yaml.ts';

/** What a text is, with plain objects in the place of maps: easier to compare. */
const plain = (value: Yaml | undefined): unknown =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([key, inside]) => [key, plain(inside)]))
    : Array.isArray(value)
      ? value.map(plain)
      : value;
const valueIn = (text: string): Yaml => {
  const read = readYaml(text);
  return read.problem === undefined ? read.value : assert.fail(read.problem);
};

describe('the reader of YAML for promises', () => {
  for (const [text, value] of [
    ['', null],
    ['~', null],
    ['a:\n', { a: null }],
    ['a: True\nb: yes\nc: "true"\nd: 0o17\ne: 1.50\n', { a: 'True', b: 'yes', c: 'true', d: '0o17', e: '1.50' }],
    ['a: {b: [1, ~]}', { a: { b: ['1', null] } }],
    ['a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n', { a: { b: '1', c: '2' }, d: { b: '1', c: '3' } }],
    ['d: {<<: [{b: 1}, {b: 2, c: 2}]}', { d: { b: '1', c: '2' } }],
    ['a: !reference [.x, script]', { a: ['.x', 'script'] }],
    ['__proto__: x\nconstructor: y\n', JSON.parse('{"__proto__":"x","constructor":"y"}')],
    ['a: "\\x70rivileged"\n', { a: 'privileged' }],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(plain(valueIn(text)), value));
  }

  for (const [title, text, problem] of [
    ['a second document', 'a: 1\n---\nb: 2\n', 'it is several documents'],
    ['a tag that takes away what stands elsewhere', 'a: !reset null\n', /^line 1: unknown .*tag/],
    ['a tag of another tool', 'a: !!python/object:os.system x\n', /^line 1: unknown .*tag/],
    ['a directive', 'a: 1\n%YAML 1.1\n', 'line 2: a directive (%)'],
    ['a key twice', 'a: 1\na: 2\n', /^line 2: duplicated mapping key/],
    ['a key that is no text', '[a]: 1\n', 'a key is no text'],
    ['a merge key that only looks like one', 'x: {"<<": {a: 1}}\n', 'a merge key (<<) is in quotes'],
    ['an anchor that contains itself', 'a: &a [*a]\n', /contains itself|unidentified alias/],
    ['a control character', 'a: 1\nb: \u0007\n', 'line 2: a character that tools read differently'],
    ['a line that only Go ends', 'a: 1 # \u2028b: 2\n', 'line 1: a character that tools read differently'],
    ['a text that is too long', `a: ${'x'.repeat(500_000)}`, 'it is longer than 500000 characters'],
    ['what is nested too deep', `${'['.repeat(70)}${']'.repeat(70)}`, /depth/i],
    [
      'a bomb of aliases',
      `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${[1, 2, 3, 4, 5].map((n) => `a${n}: &a${n} [${Array(10).fill(`*a${n - 1}`)}]\n`).join('')}`,
      'it is more than 100000 values with its aliases written out',
    ],
    ['what is no YAML', 'a: b: c\n', 'line 1: bad indentation of a mapping entry'],
  ] as const) {
    it(`refuses ${title}`, () => {
      const { problem: said = '' } = readYaml(text);
      if (typeof problem === 'string') assert.equal(said, problem);
      else assert.match(said, problem);
    });
  }
});

describe('what is asked of YAML', () => {
  const value = valueIn('a: {b: [x, {c: y}], d: null}\n');
  it('is nothing where nothing is, whatever is there instead', () => {
    assert.equal(at(value, 'a', 'b', 'c'), undefined);
    assert.equal(at(value, 'a', 'd', 'e'), undefined);
    assert.deepEqual([mapIn('x').size, mapIn(['x']).size, mapIn(undefined).size], [0, 0, 0]);
    assert.deepEqual([listIn('x'), listIn(value), listIn(null)], [[], [], []]);
    assert.deepEqual([textAt(value, 'a'), textAt(value, 'a', 'd'), textAt(value, 'no')], ['', '', '']);
  });
  it('is what stands at the end of the keys', () => {
    assert.equal(textAt(valueIn('a: {b: {c: True}}'), 'a', 'b', 'c'), 'True');
    assert.deepEqual(listIn(at(value, 'a', 'b')).length, 2);
  });
  it('is every scalar, keys among them', () => assert.deepEqual([...scalarsIn(value)], ['a', 'b', 'x', 'c', 'y', 'd']));
  it('is quoted in flow style', () => {
    assert.equal(written(value), '{a: {b: [x, {c: y}], d: }}');
    assert.equal(written('a b'), '"a b"');
    assert.equal(written('/a/b:ro'), '/a/b:ro');
    assert.equal(written(undefined), '');
  });
});
