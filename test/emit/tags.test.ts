import assert from 'node:assert/strict';
import { tagsOf } from '../../src/emit/tags.ts';

describe('tagsOf', () => {
  it('gives each tag with its line, and what stands between', () => {
    const { tags, rest, strays } = tagsOf('a\n  <%# x -%>\nb <%- y %> c\n');
    assert.deepEqual(tags, [
      { text: '<%# x -%>', line: 2, before: 'a\n  ', isAlone: true },
      { text: '<%- y %>', line: 3, before: '\nb ', isAlone: false },
    ]);
    assert.deepEqual([rest, strays], [' c\n', []]);
  });
  for (const [text, isAlone] of [
    ['<% a %>\n', true],
    ['\t <% a %>\n', true],
    ['<% a %>', false],
    ['<% a %> \n', false],
    ['<% a %>\r\n', false],
    ['x<% a %>\n', false],
    ['\n<% b %><% a %>\n', false],
    ['\n<% b %>\n<% a %>\n', true],
  ] as const) {
    it(`${JSON.stringify(text)} ${isAlone ? 'has' : 'has not'} a line of its own`, () =>
      assert.equal(tagsOf(text).tags.at(-1)?.isAlone, isAlone));
  }
  for (const [text, what, line] of [
    ['a\n<% b\n', '<% without %>', 2],
    ['<%>', '<% without %>', 1],
    ['a\n\nb %> c', '%> without <%', 3],
    ['<% a %>\n%%>', '%> without <%', 2],
    ['x -%>\n<% a %>', '%> without <%', 1],
    ['x _%> \n', '%> without <%', 1],
  ] as const) {
    it(`names the half of a tag in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(tagsOf(text).strays, [{ what, line }]));
  }
});
