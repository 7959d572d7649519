import assert from 'node:assert/strict';
import { appendLines, appendMissing, readEnv } from '../src/envFile.ts';

describe('readEnv', () => {
  it('reads assignments as compose does', () => {
    const text = '# A=no\nA=1\n export B = "two" \r\nC=\'x=y\'\nA=3\nnot an assignment\n';
    assert.deepEqual(
      [...readEnv(text)],
      [
        ['A', '3'],
        ['B', 'two'],
        ['C', 'x=y'],
      ],
    );
  });
});

describe('appendMissing', () => {
  const wanted = '# Title\n\n# about A\nA=1\n# about B\nB=2\n';
  it('is the wanted text for an empty file, but its title', () => {
    assert.equal(appendMissing('', wanted), '# about A\nA=1\n# about B\nB=2\n');
  });
  it('keeps every line of the user, and appends what is missing under its comment', () => {
    assert.equal(appendMissing('# mine\nA=mine # note\nX=9', wanted), '# mine\nA=mine # note\nX=9\n\n# about B\nB=2\n');
  });
  it('changes nothing where nothing is missing', () => {
    assert.equal(appendMissing('B=\nA=', wanted), 'B=\nA=');
  });
});

describe('appendLines', () => {
  it('appends the missing lines once', () => {
    const once = appendLines('node_modules/\r\n*.pem\n', '# ours\n*.pem\n*.key\n');
    assert.equal(once, 'node_modules/\r\n*.pem\n\n# generator-comicpile\n*.key\n');
    assert.equal(appendLines(once, '# ours\n*.pem\n*.key\n'), once);
  });
});
