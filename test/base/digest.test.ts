import assert from 'node:assert/strict';
import { digest } from '../../src/base/digest.ts';

describe('digest', () => {
  it('is SHA-256 of the bytes, by its name', () => {
    // FIPS 180-2, appendix B.1
    const abc = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    assert.equal(digest('abc'), abc);
    assert.equal(digest(Buffer.from('abc')), abc);
  });
  it('of bytes that are no text is not that of the text in their place', () => {
    const bytes = Buffer.from([0xff]);
    assert.notEqual(digest(bytes), digest(bytes.toString()));
  });
});
