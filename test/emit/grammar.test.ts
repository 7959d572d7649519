import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { templatesRoot } from '../../src/base/packageRoot.ts';
import { printable } from '../../src/base/printable.ts';
import { bounds } from '../../src/emit/bounds.ts';
import { readTemplate } from '../../src/emit/grammar.ts';
import { stackOf } from '../fixture.ts';

const keys = new Set(['a', 'list']);
const problems = (template: string): readonly string[] =>
  readTemplate(template, keys).problems.map(({ line, what }) => `${line}: ${what}`);
const outside = (tag: string) => `1: ${tag} is not in the grammar of templates`;

describe('readTemplate', () => {
  it('gives EJS look-ups in the place of paths, and the text as it is', () => {
    const template =
      '$& \\n\n<%- a.b %><% if (a.c) { -%>\nx<% } else { -%>y<% } -%><% for (const x of list) { -%><%- x.y %><% for (const z of x.w) { -%><%- z %><%- a %><% } -%><% } -%>\n  <%# extra: at-end -%>\n';
    assert.deepEqual(readTemplate(template, keys), {
      problems: [],
      source:
        '$& \\n\n<%- print(s0, "a", "b") %><% if (test(s0, "a", "c")) { -%>\nx<% } else { -%>y<% } -%><% for (const s1 of each(s0, "x", "list")) { -%><%- print(s1, "x", "y") %><% for (const s2 of each(s1, "z", "x", "w")) { -%><%- print(s2, "z") %><%- print(s2, "a") %><% } -%><% } -%>\n  <%# extra: at-end -%>\n',
      paths: new Map([
        ['a.b', 2],
        ['a.c', 2],
        ['list', 3],
        ['x.y', 3],
        ['x.w', 3],
        ['z', 3],
        ['a', 3],
      ]),
    });
  });

  for (const tag of [
    // Other tags of EJS.
    '<%= a %>',
    '<%_ if (a) { _%>',
    '<%- a _%>',
    '<%- a -%>',
    '<% if (a) { %>',
    '<% } %>',
    '<%# note %>',
    '<%# extra: Http -%>',
    '<%# extra: a- -%>',
    '<%# extra: http %>',
    '<%%- a %>',
    '<% -%>',
    // Code.
    '<%- a() %>',
    '<%- a ? b : c %>',
    '<% if (!a) { -%>',
    '<% if (a === b) { -%>',
    '<% if (a) { a() -%>',
    '<% } a(); { -%>',
    '<% } else if (a) { -%>',
    '<% while (a) { -%>',
    '<%- a["b"] %>',
    '<%- a?.b %>',
    '<%- `${a}` %>',
    '<%- a; process.exit() %>',
    '<%- a, a %>',
    '<%- this %><%- a //%>',
    '<% let x = 1 -%>',
    '<% a = 1 -%>',
    '<% for (let x of list) { -%>',
    '<% for (const [x] of list) { -%>',
    '<% for (const x of list, a) { -%>',
    '<% for (const x in list) { -%>',
    "<%- include('/etc/passwd') %>",
    "<% process.getBuiltinModule('fs').writeFileSync('/tmp/x', 'ran') %>",
    // Names that only look like ones.
    '<%- a.0 %>',
    '<%- .a %>',
    '<%- a. %>',
    '<%- a..b %>',
    '<%- \\u0061 %>',
    '<%- a.\\u{62} %>',
    '<%- à %>',
    '<%- $a %>',
    '<%- a.#b %>',
    // White space.
    '<%-a %>',
    '<%-  a %>',
    '<%- a  %>',
    '<%- a\n%>',
    '<%-\ta %>',
    '<%- a.\u200bb %>',
    '<%-\u00a0a %>',
    '<%- a\u2028%>',
    '<% if (a){ -%>',
    '<%  } -%>',
  ]) {
    const first = tag.startsWith('<%- this') ? tag.slice('<%- this %>'.length) : tag;
    it(`refuses ${JSON.stringify(tag)}`, () =>
      assert.ok(problems(`x ${tag} y`).includes(outside(printable(first))), problems(`x ${tag} y`).join('\n')));
  }

  for (const path of [
    'process.env.HOME',
    'globalThis',
    'globalThis.process',
    'constructor.constructor',
    '__proto__.x',
    'this',
    'locals',
    'include',
    'escapeFn',
    '__append',
    '__output',
    's0',
    'print',
    'lists',
  ]) {
    it(`knows no ${path}, in whatever branch`, () => {
      for (const template of [
        `<%- ${path} %>`,
        `<% if (a) { -%><% } else { -%><% if (${path}) { -%><% } -%><% } -%>`,
        `<% for (const x of ${path}) { -%><% } -%>`,
      ])
        assert.deepEqual(problems(template), [`1: the model has no ${path}`]);
    });
  }
  it('a variable is known in its loop alone', () => {
    assert.deepEqual(problems('<% for (const x of list) { -%><%- x %><% } -%>\n<%- x.y %>'), [
      '2: the model has no x.y',
    ]);
    assert.deepEqual(problems('<% for (const x of x) { -%><% } -%>'), ['1: the model has no x']);
  });

  for (const [template, ...said] of [
    ['a\n<% } -%>', '2: <% } -%> closes nothing'],
    ['<% } -%><%- a %><% if (a) { -%>', '1: <% } -%> closes nothing', '1: <% if (a) { -%> has no <% } -%>'],
    ['\n<% if (a) { -%>\n', '2: <% if (a) { -%> has no <% } -%>'],
    ['<% } else { -%><% } -%>', '1: <% } else { -%> closes nothing'],
    ['<% for (const x of list) { -%><% } else { -%><% } -%>', '1: <% } else { -%> closes nothing'],
    ['<% if (a) { -%><% } else { -%><% } else { -%><% } -%>', '1: <% } else { -%> closes nothing'],
    ['<% process.exit(1) //\n', '1: <% without %>'],
    ['%>', '1: %> without <%'],
    ['<%- a %>%>', '1: %> without <%'],
    ['<%- a %%>', '1: <%- a %%> is not in the grammar of templates'],
    ['a <%# extra: http -%>\n', '1: <%# extra: http -%> has no line of its own'],
    ['<%# extra: http -%>', '1: <%# extra: http -%> has no line of its own'],
  ] as const) {
    it(`refuses ${JSON.stringify(template)}`, () => assert.deepEqual(problems(template), said));
  }
  it('names all that is wrong, in the order of the lines', () =>
    assert.deepEqual(problems('<%- b %>\n<%= a %>\n%>\n<% if (c) { %>\n<%- d.e %>\n<% } -%>\n<% z'), [
      '1: the model has no b',
      '2: <%= a %> is not in the grammar of templates',
      '3: %> without <%',
      '4: <% if (c) { %> is not in the grammar of templates',
      '5: the model has no d.e',
      '7: <% without %>',
    ]));
  it('what is said of a tag is harmless on a terminal, and short', () => {
    const [said = ''] = problems(`<% "\u001b]0;x\u0007\u001b[2J${'a'.repeat(500)}" %>`);
    assert.match(said, /^1: <% "\\u001b\]0;x\\u0007\\u001b\[2Ja+… is not in the grammar/);
    assert.match(said, /^[\x20-\x7e…]{1,160}$/);
    const [missing = ''] = problems(`<%- ${'b'.repeat(5000)} %>`);
    assert.ok(missing.length < 150);
  });

  describe('has bounds', () => {
    const nested = (depth: number) => '<% if (a) { -%>'.repeat(depth) + '<% } -%>'.repeat(depth);
    it('of depth', () => {
      assert.deepEqual(problems(nested(bounds.depth)), []);
      assert.deepEqual(problems(nested(bounds.depth + 1)), ['1: more than 32 blocks inside one another']);
    });
    it('of size', () => {
      assert.deepEqual(problems('x'.repeat(bounds.characters)), []);
      assert.deepEqual(problems('x'.repeat(bounds.characters + 1)), ['1: it has more than 1048576 characters']);
    });
    it('of blanks in a row, which EJS takes quadratic time for', () => {
      assert.deepEqual(problems(' \t'.repeat(bounds.blanks / 2)), []);
      assert.deepEqual(problems(`a\n${' \t'.repeat(bounds.blanks)}`), ['2: it has more than 500 blanks in a row']);
    });
    // Minutes, if one character were looked at once for each other one; at full size in test/deep/bounds.test.ts.
    for (const part of [
      '<%',
      '%>',
      '<%- ',
      '<%%>',
      '<% } -%>',
      '<% if (a) { -%>',
      '<%# extra: a -%>',
      ' x',
      '\n',
      '<',
    ]) {
      it(`and reads a text full of ${JSON.stringify(part)} in one go`, () => {
        const text = part.repeat(100_000 / part.length);
        assert.equal(readTemplate(text, keys).problems.length > 0, /[%]/.test(part));
      });
    }
    it('and reads a path of fifty thousand names in one go', () =>
      assert.deepEqual(problems(`<%- a.${'b.'.repeat(50_000)}b %>`), []));
  });

  describe('takes each of our templates:', () => {
    const ours = new Set(Object.keys(stackOf()));
    const paths = readdirSync(templatesRoot(), { recursive: true, encoding: 'utf8' }).filter((path) =>
      statSync(join(templatesRoot(), path)).isFile(),
    );
    for (const path of paths) {
      it(path, () =>
        assert.deepEqual(readTemplate(readFileSync(join(templatesRoot(), path), 'utf8'), ours).problems, []),
      );
    }
  });
});
