import assert from 'node:assert/strict';
import { blocksOver } from '../../src/emit/blocks.ts';

const tag = (line: number, isAlone = true) => ({ text: `<% ${line} %>`, line, before: '', isAlone });

describe('blocksOver', () => {
  it('writes look-ups by quoted names, each loop with a scope of its own', () => {
    const { take, ended } = blocksOver(new Set(['list']));
    assert.deepEqual(
      [
        take(tag(1), 'each', { name: 'process', path: 'list.of' }),
        take(tag(2), 'test', { path: 'process' }),
        take(tag(3), 'each', { name: 's0', path: 'process.list' }),
        take(tag(4), 'print', { path: 's0' }),
        take(tag(5), 'end', {}),
        take(tag(6), 'print', { path: 'list' }),
      ],
      [
        '<% for (const s1 of each(s0, "process", "list", "of")) { -%>',
        '<% if (test(s1, "process")) { -%>',
        '<% for (const s2 of each(s1, "s0", "process", "list")) { -%>',
        '<%- print(s2, "s0") %>',
        '<% 5 %>',
        '<%- print(s1, "list") %>',
      ],
    );
    assert.deepEqual(ended(), {
      missing: [],
      unpaired: [1, 2].map((line) => ({ line, what: `<% ${line} %> has no <% } -%>` })),
      paths: new Map([
        ['list.of', 1],
        ['process', 2],
        ['process.list', 3],
        ['s0', 4],
        ['list', 6],
      ]),
    });
  });
  it('says what no block is open for, what the model has not, and what has no line of its own', () => {
    const { take, ended } = blocksOver(new Set());
    take(tag(1), 'end', {});
    take(tag(2), 'otherwise', {});
    take(tag(3), 'end', {});
    take(tag(4, false), 'slot', {});
    take(tag(5), 'print', { path: 'globalThis.process' });
    const { missing, unpaired } = ended();
    assert.deepEqual(missing, [{ line: 5, what: 'the model has no globalThis.process' }]);
    assert.deepEqual(unpaired, [
      { line: 1, what: '<% 1 %> closes nothing' },
      { line: 2, what: '<% 2 %> closes nothing' },
      { line: 4, what: '<% 4 %> has no line of its own' },
    ]);
  });
});
