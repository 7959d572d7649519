import assert from 'node:assert/strict';
import { promises, verify } from '../../../src/emit/promises/verify.ts';
import type { RenderedFile } from '../../../src/emit/renderedFile.ts';
import { spoil } from '../../fixture.ts';
import { rendered } from './broken.ts';

/** One edit for each promise. */
const edits: Readonly<Record<keyof typeof promises, readonly [string, (text: string) => string]>> = {};

describe('promises', () => {
  it('are all reported in one refusal', () => {
    const { files, stack } = rendered();
    const spoilt = Object.values(edits).reduce<readonly RenderedFile[]>(
      (all, [to, edit]) => spoil(all, to, edit),
      files,
    );
    assert.throws(
      () => verify(spoilt, stack),
      ({ message }: Error) => Object.keys(promises).every((promise) => message.includes(`(promise: ${promise})`)),
    );
  });
});
