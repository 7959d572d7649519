import assert from 'node:assert/strict';
import { assemble } from '../../src/emit/assemble.ts';
import { bounds } from '../../src/emit/bounds.ts';
import { compile, run } from '../../src/emit/engine.ts';
import { folderWith } from '../fixture.ts';

const model = { a: 'A', is: true, list: ['x', 'y'] };
const keys = new Set(Object.keys(model));
const assembled = (template: string, lines: string) =>
  assemble('f.ejs', [{ name: 'own', root: folderWith({ 'f.ejs': template, 'f.extra/http.ejs': lines }) }], keys);
const slot = '<%# extra: http -%>\n';

describe('assemble', () => {
  it('puts lines with tags into a slot, in a block too', () => {
    const { problems, source } = assembled(
      `<% for (const x of list) { -%>\n${slot}<% } -%>\n`,
      '<% for (const z of list) { -%>\n<%- z %><%- a %>\n<% } -%>\n',
    );
    assert.deepEqual(problems, []);
    assert.equal(run(compile(source).run, model).text, 'xA\nyA\n'.repeat(2));
  });
  // What one file begins, the other one would end.
  for (const [template, lines, ...said] of [
    [
      '<% if (is) { -%>\n<%# extra: http -%>\n',
      '<% } -%>\n',
      'f.ejs:1: <% if (is) { -%> has no <% } -%>',
      'f.extra/http.ejs:1: <% } -%> closes nothing',
    ],
    [
      '<%# extra: http -%>\n%>\n',
      'x\n<% process.exit(0) //\n',
      'f.ejs:2: %> without <%',
      'f.extra/http.ejs:2: <% without %>',
    ],
    [
      '<% if (is) { -%>\n<%# extra: http -%>\n<% } -%>\n',
      '<% } else { -%>\n',
      'f.extra/http.ejs:1: <% } else { -%> closes nothing',
      'f.extra/http.ejs:1: <% } else { -%> has no <% } -%>',
    ],
    [
      '<% for (const x of list) { -%>\n<%# extra: http -%>\n<% } -%>\n',
      '<%- x %>\n',
      'f.extra/http.ejs:1: the model has no x',
    ],
    [
      'a\n<%# extra: http -%>\n',
      '<%= a %>\n<%- b %>\n',
      'f.extra/http.ejs:1: <%= a %> is not in the grammar of templates',
      'f.extra/http.ejs:2: the model has no b',
    ],
  ] as const) {
    it(`reads each file on its own: ${JSON.stringify(template)} and ${JSON.stringify(lines)}`, () =>
      assert.deepEqual(
        assembled(template, lines).problems,
        said.map((problem) => `own/${problem}`),
      ));
  }
  it('bounds the whole, too', () => {
    const half = 'x'.repeat(bounds.characters * 0.75);
    assert.deepEqual(assembled(`${half}\n${slot}`, half).problems, [
      'own/f.ejs, with the lines in its slots:1: it has more than 1048576 characters',
    ]);
  });
  it('notes where a path is asked for', () => {
    const { pieces } = assembled(`\n<%- a %>\n${slot}`, '<% if (is) { -%><% } -%>\n');
    assert.deepEqual(
      pieces.map(({ name, paths }) => [name, [...paths]]),
      [
        ['own/f.ejs', [['a', 2]]],
        ['own/f.extra/http.ejs', [['is', 1]]],
      ],
    );
  });
});
