import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { templatesRoot } from '../../src/base/packageRoot.ts';
import { artifacts, templateOf } from '../../src/emit/catalogue.ts';
import { grammarOffences } from '../../src/emit/grammar.ts';

const templates = readdirSync(templatesRoot(), { recursive: true, encoding: 'utf8' }).filter((path) =>
  statSync(join(templatesRoot(), path)).isFile(),
);

describe('grammarOffences', () => {
  it('knows the allowed forms', () => {
    const template = '<%- a.b %><% if (a.b) { -%><% } else { -%><% } -%><% for (const x of a.b) { -%><%- x %><% } -%>';
    assert.deepEqual(grammarOffences(template), []);
  });
  for (const tag of [
    '<%= a %>',
    '<%- a() %>',
    '<%- a ? b : c %>',
    '<% if (!a) { -%>',
    '<% if (a === b) { -%>',
    '<%- a["b"] %>',
    '<% let x = 1 -%>',
    '<%# note %>',
  ]) {
    it(`refuses ${tag}`, () => assert.deepEqual(grammarOffences(`x ${tag} y`), [tag]));
  }
  it('refuses a tag that has no end: another template could bring it', () =>
    assert.deepEqual(grammarOffences('a\n<% process.exit(1) //\n'), ['<% without %>']));
  for (const path of templates) {
    it(`is kept by ${path}`, () =>
      assert.deepEqual(grammarOffences(readFileSync(join(templatesRoot(), path), 'utf8')), []));
  }
});

describe('the catalogue and the templates', () => {
  it('match one to one', () => assert.deepEqual(artifacts.map(templateOf).sort(), templates.sort()));
});
