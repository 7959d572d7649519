import assert from 'node:assert/strict';
import { everyBlock, nginxTree, own } from '../../../src/emit/promises/nginxTree.ts';
import { setOf } from '../../../src/emit/promises/renderedSet.ts';

const treeOf = (texts: Readonly<Record<string, string>>) =>
  nginxTree(setOf(Object.entries(texts).map(([to, text]) => ({ artifact: { owner: 'nginx', to }, text }) as never)));

describe('the tree of nginx', () => {
  it('has what a file includes in its place, with the file that it is of', () => {
    const tree = treeOf({
      'nginx/nginx.conf': 'a; http { include sites/*.conf; z; }',
      'nginx/sites/one.conf': 'server { include snippets/s.conf; }',
      'nginx/sites/two.conf': 'b;',
      'nginx/snippets/s.conf': 'c d;',
      'nginx/snippets/unused.conf': 'e;',
    });
    assert.deepEqual(tree, [
      { words: ['a'], file: 'nginx/nginx.conf' },
      {
        words: ['http'],
        file: 'nginx/nginx.conf',
        block: [
          {
            words: ['server'],
            file: 'nginx/sites/one.conf',
            block: [{ words: ['c', 'd'], file: 'nginx/snippets/s.conf' }],
          },
          { words: ['b'], file: 'nginx/sites/two.conf' },
          { words: ['z'], file: 'nginx/nginx.conf' },
        ],
      },
    ]);
  });

  it('ends where files include each other', () =>
    assert.ok(treeOf({ 'nginx/nginx.conf': 'include a.conf;', 'nginx/a.conf': 'x; include nginx.conf;' }).length > 0));

  it('tells of each block what it stands in, and its own directives', () => {
    const tree = treeOf({ 'nginx/nginx.conf': 'http { a 1; server { a 2; location / { b; a 3; } } }' });
    const blocks = everyBlock(tree).map(({ block, inside }) => [
      [...inside, block].map(({ words: [name] }) => name).join(' '),
      own(block, 'a').map(({ words }) => words[1]),
    ]);
    assert.deepEqual(blocks, [
      ['http', ['1']],
      ['http server', ['2']],
      ['http server location', ['3']],
    ]);
  });
});
