import assert from 'node:assert/strict';
import { join } from 'node:path';
import { slotPath, slotsIn, withSlots } from '../../src/emit/slots.ts';
import type { Source } from '../../src/emit/sources.ts';
import { folderWith } from '../fixture.ts';

const source = (name: string, files: Readonly<Record<string, string>>): Source => ({ name, root: folderWith(files) });
const text = 'a\n    <%# extra: http -%>\nb\n<%# extra: at-end -%>\n';
const template = { source: source('built in', {}), path: 'nginx/nginx.conf.ejs', text };

describe('slots', () => {
  it('have names, and a folder for the lines', () => {
    assert.deepEqual(slotsIn(text), ['http', 'at-end']);
    assert.equal(slotPath('nginx/nginx.conf.ejs', 'http'), 'nginx/nginx.conf.extra/http.ejs');
  });
  it('that nobody fills are no line', () =>
    assert.deepEqual(withSlots(template, [template.source]), { text: 'a\nb\n', from: [] }));
  it('have the lines of all sources, the last word for the project, with the indentation of the tag', () => {
    const path = 'nginx/nginx.conf.extra/http.ejs';
    const sources = [source('own', { [path]: 'mine\n' }), source('one', { [path]: 'one\n\ntwo' }), source('none', {})];
    const { text: filled, from } = withSlots(template, sources);
    assert.equal(filled, 'a\n    one\n\n    two\n    mine\nb\n');
    assert.deepEqual(
      from.map(({ source: { name, root }, path: of }) => [name, join(root, of)]),
      [sources[1], sources[0]].map((each) => [each?.name, join(each?.root ?? '', path)]),
    );
  });
});
