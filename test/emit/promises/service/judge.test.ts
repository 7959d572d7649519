import assert from 'node:assert/strict';
import {
  anyOf,
  each,
  either,
  empty,
  keys,
  list,
  matching,
  no,
  oneOf,
  text,
  texts,
  yes,
} from '../../../../src/emit/promises/service/judge.ts';
import { judges, said } from './said.ts';

describe('a judge', () => {
  describe('of a scalar, whatever compose may put in', () =>
    judges(matching(/^[0-9]+$/), {
      allowed: ['1', '"1"', '${ONE}', '${ONE:-2}', '${NO:-2}', '$ONE$ONE'],
      refused: ['x', '', '[1]', '{a: 1}', '${TEXT}', '${ONE:-x}', '${NO}', '${NO:?x}', '${ONE', '"${EMPTY}"'],
    }));
  describe('of a word that is spelled out', () =>
    judges(oneOf('a', 'b'), { allowed: ['a', '"b"'], refused: ['A', 'c', '${NO:-a}', '[a]', ''] }));
  describe('of yes', () => judges(yes, { allowed: ['true', 'True', '"TRUE"'], refused: ['yes', 'on', '1', 'false'] }));
  describe('of no', () =>
    judges(no, { allowed: ['false', '"False"'], refused: ['true', 'no', 'off', '', '${NO:-false}'] }));
  describe('of either', () => judges(either, { allowed: ['true', 'FALSE'], refused: ['y', '', '{}'] }));
  describe('of a text', () => judges(text, { allowed: ['x', '', '${WHATEVER}'], refused: ['[x]', '{x: y}'] }));
  describe('of nothing', () => judges(empty, { allowed: ['', '~'], refused: ['x', '{}', '[]'] }));
  describe('of a list', () =>
    judges(list(oneOf('a')), { allowed: ['[]', '[a, a]'], refused: ['a', '[a, b]', '{a: a}'] }));
  describe('of texts', () =>
    judges(texts, { allowed: ['a', '[a, b]', '{a: b, c: }'], refused: ['[[a]]', '{a: [b]}', '[{a: b}]'] }));
  describe('of a mapping', () =>
    judges(each(oneOf('a')), { allowed: ['{}', '{k: a}'], refused: ['a', '[a]', '{k: b}'] }));
  describe('of known keys', () =>
    judges(keys({ a: text, b: no }), {
      allowed: ['{}', '{a: x, b: false}', '{x-mine: {whatever: [1]}}'],
      refused: ['', 'a', '[a]', '{c: x}', '{b: true}', '{constructor: x}', '{__proto__: x}', '{X-mine: 1}'],
    }));

  it('says what would have to be written, and where', () => {
    const judge = keys({ a: keys({ b: oneOf('x') }), c: list(oneOf('x')) });
    assert.deepEqual(said(judge, '{a: {b: "y z"}, c: [x, y], d: {e: 1}}', ''), ['a.b: "y z"', 'c: [y]', 'd: {e: 1}']);
    assert.deepEqual(said(judge, '{a: }', ''), ['a:']);
  });
  it('that has several says what the first has against it', () => {
    assert.deepEqual(said(anyOf(oneOf('a'), oneOf('b')), 'b'), []);
    assert.deepEqual(said(anyOf(keys({ a: no }), oneOf('b')), '{a: true}'), ['x.a: true']);
  });
});
