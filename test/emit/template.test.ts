import assert from 'node:assert/strict';
import ejs from 'ejs';
import { applies, artifacts, templateOf } from '../../src/emit/catalogue.ts';
import { withExtras } from '../../src/emit/extras.ts';
import { builtIn, find } from '../../src/emit/sources.ts';
import { renderHouse } from '../../src/emit/template.ts';
import { ourPolicy } from '../../src/policy/policy.ts';
import { sampleStacks } from '../../src/team/samples.ts';

const model = {
  app: { name: 'a', isNew: true, none: null },
  list: ['x', 'y'],
  rows: [
    { id: 1, tags: ['p', 'q'] },
    { id: 2, tags: [] },
  ],
};

describe('renderHouse', () => {
  for (const [name, stack] of Object.entries(sampleStacks({ policy: ourPolicy, packs: {} }))) {
    it(`is EJS for each of our templates: ${name}`, () => {
      for (const artifact of artifacts.filter(applies(stack))) {
        const { text } = withExtras(find([builtIn()], templateOf(artifact)), []);
        assert.equal(renderHouse(text, stack), ejs.render(text, stack), artifact.to);
      }
    });
  }
  for (const template of [
    '',
    'no tag, $& and \\n\n',
    '<%- app.name %>',
    'a <%- app.name %>\nb<%- app.none %>c\n',
    '<% if (app.isNew) { -%>\nnew\n<% } else { -%>\nold\n<% } -%>\nend',
    '  <% if (app.none) { -%>  \n  a\n  <% } -%>\n\nb',
    '<% for (const x of list) { -%>\r\n<%- x %>,\n<% } -%>\n',
    '<% for (const row of rows) { -%>\n<%- row.id %>:<% for (const x of row.tags) { -%><% if (app.isNew) { -%>[<%- x %>]<% } -%><% } -%>\n\n<% } -%>\n',
    'a <%# extra: here -%>\nb',
  ]) {
    it(`is EJS for ${JSON.stringify(template)}`, () =>
      assert.equal(renderHouse(template, model), ejs.render(template, model)));
  }
  for (const [template, message] of [
    ['<%- app.nmae %>', /the model has no app\.nmae/],
    ['<%- row.id %>', /the model has no row\.id/],
    // What EJS would print.
    ['<%- process.env.PATH %>', /the model has no process\.env\.PATH/],
    ['<%- app.constructor.name %>', /the model has no app\.constructor\.name/],
    ['<%- app.name.constructor %>', /the model has no app\.name\.constructor/],
    ['<% } -%><%- app.name %><% if (app) { -%>', /<% \} -%> closes nothing/],
    ['<% if (app.isNew) { -%>', /<% if \(app\.isNew\) \{ -%> has no <% \} -%>/],
    ['<% for (const x of list) { -%><% } else { -%><% } -%>', /has no <% \} -%>/],
  ] as const) {
    it(`refuses ${template}`, () => assert.throws(() => renderHouse(template, model), message));
  }
});
