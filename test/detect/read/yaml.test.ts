import assert from 'node:assert/strict';
import { readYaml } from '../../../src/detect/read/yaml.ts';

describe('YAML of somebody else', () => {
  for (const [text, value] of [
    ['', null],
    ['a: 1\nb: true\nc: "1"\nd: ~\n', { a: 1, b: true, c: '1', d: null }],
    ['x: &x {a: 1}\ny: {<<: *x, b: 2}\n', { x: { a: 1 }, y: { a: 1, b: 2 } }],
    ['a: !Ref x\nb: !Join [1, 2]\nc: !mine {d: 1}\n', { a: 'x', b: [1, 2], c: { d: 1 } }],
    ['a: !!python/object/apply:os.system [id]\n', { a: ['id'] }],
    ['a: !!str 1\nb: !!int "1"\nc: !!set {x: }\n', { a: '1', b: 1, c: { x: null } }],
    ['a: yes\nb: on\n', { a: 'yes', b: 'on' }],
  ] as const) {
    it(`is read: ${JSON.stringify(text)}`, () => assert.deepEqual(readYaml(text), value));
  }
  it('gives nothing to the prototypes of all', () => {
    readYaml('__proto__: {polluted: 1}\n');
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });
  for (const [title, text] of [
    ['two documents', 'a: 1\n---\nb: 1\n'],
    ['what is none', 'a: b: c\n'],
    ['what is nested without end', `${'['.repeat(1000)}${']'.repeat(1000)}`],
    ['a bomb of aliases', `a: &a [x]\nb: [${Array(1100).fill('*a')}]\n`],
    [
      'a bomb of few aliases, each holding the one before it twice',
      `a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]\n`).join('')}`,
    ],
    [
      'one of maps',
      `a0: &a0 {x: y}\n${Array.from({ length: 40 }, (_, at) => `a${at + 1}: &a${at + 1} {b: *a${at}, c: *a${at}}\n`).join('')}`,
    ],
    ['a long text many times', `a: &a ${'x'.repeat(400_000)}\nb: [${Array(900).fill('*a')}]\n`],
    ['what contains itself', 'a: &a [*a]\n'],
  ] as const) {
    it(`is refused: ${title.slice(0, 60)}`, () => assert.throws(() => readYaml(text)));
  }
});
