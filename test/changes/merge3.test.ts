import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hasMarkers, merge3 } from '../../src/changes/merge3.ts';
import { lostLines, three } from './arbitraries.ts';

const labels = { yours: 'yours', theirs: 'comicpile 0.2.0' };
const merged = (yours: string, base: string, theirs: string) => merge3({ yours, base, theirs }, labels);

describe('merge3', () => {
  it('takes ours where only we changed, keeps theirs where only they did', () => {
    assert.deepEqual(merged('a\nb\n', 'a\nb\n', 'a\nB\n'), { text: 'a\nB\n', conflicts: 0 });
    assert.deepEqual(merged('a\nmine\n', 'a\nb\n', 'a\nb\n'), { text: 'a\nmine\n', conflicts: 0 });
  });
  it('marks what both changed, with labels', () => {
    const { text, conflicts } = merged('a\nmine\nc\n', 'a\nb\nc\n', 'a\nours\nc\n');
    assert.equal(text, 'a\n<<<<<<< yours\nmine\n=======\nours\n>>>>>>> comicpile 0.2.0\nc\n');
    assert.equal(conflicts, 1);
    assert.ok(hasMarkers(text));
  });
  it('the same change on both sides is none', () => {
    assert.deepEqual(merged('x\nc\n', 'b\nc\n', 'x\nc\n'), { text: 'x\nc\n', conflicts: 0 });
  });
  it('a file with CRLF keeps it, markers included', () => {
    assert.equal(merged('a\r\nb\r\nmine\r\n', 'a\nb\nc\n', 'A\nb\nc\n').text, 'A\r\nb\r\nmine\r\n');
    assert.equal(
      merged('mine\r\n', 'b\n', 'ours\n').text,
      '<<<<<<< yours\r\nmine\r\n=======\r\nours\r\n>>>>>>> comicpile 0.2.0\r\n',
    );
  });
  it('a missing last line end stays missing, and no marker is glued to a line', () => {
    assert.deepEqual(merged('a\nb\nc', 'a\nb\nc', 'A\nb\nc'), { text: 'A\nb\nc', conflicts: 0 });
    assert.match(merged('mine', 'b\n', 'ours\n').text, /^<<<<<<< yours\nmine\n=======\nours\n>>>>>>> /);
  });
  it('what can be matched in two ways is left to the user', () => {
    // Is the new line before or after the brace that the user has added? Read from the bottom it is the other way round.
    const { text, conflicts } = merged('}\n}\n}\n', '}\n}\n', '}\nnew\n}\n');
    assert.equal(text, '}\n<<<<<<< yours\n}\n=======\nnew\n>>>>>>> comicpile 0.2.0\n}\n');
    assert.equal(conflicts, 1);
  });

  describe('500 random triples (beside git: test/deep/merge3.test.ts)', () => {
    it('no line of the user is lost: it is in the result, or between markers', () => {
      fc.assert(
        fc.property(three, (one) => {
          assert.deepEqual(lostLines(one.yours, one.base, merge3(one, labels).text), []);
        }),
        { numRuns: 500 },
      );
    });
    it('a second merge of a clean result changes nothing', () => {
      fc.assert(
        fc.property(three, (one) => {
          const { text, conflicts } = merge3(one, labels);
          if (conflicts > 0) return;
          assert.deepEqual(merge3({ yours: text, base: one.theirs, theirs: one.theirs }, labels), {
            text,
            conflicts: 0,
          });
        }),
        { numRuns: 500 },
      );
    });
  });
});
