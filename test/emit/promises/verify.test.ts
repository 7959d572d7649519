import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { promises, verify } from '../../../src/emit/promises/verify.ts';
import type { RenderedFile } from '../../../src/emit/renderedFile.ts';
import { spoil } from '../../fixture.ts';
import { rendered } from './broken.ts';

/** One edit for each promise. */
const edits: Readonly<Record<keyof typeof promises, readonly [string, (text: string) => string]>> = {};

describe('promises', () => {
  it('each have an edit here, and a test of their own', () => {
    assert.deepEqual(Object.keys(edits), Object.keys(promises));
    const tests = new Set(readdirSync(import.meta.dirname));
    const untested = Object.values(promises).filter(({ name }) => !tests.has(`${name}.test.js`));
    assert.deepEqual(untested, []);
  });
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
  it('quote what others wrote without what a terminal would obey, and not all of it', () => {
    const { files, stack } = rendered();
    const hostile = `x\\e[31m${'y'.repeat(5000)}`;
    const spoilt = spoil(files, 'docker-compose.prod.yml', (text) =>
      text.replace(/^ {2}db:\n/m, (found) => `${found}    hostile: "${hostile}"\n`),
    );
    assert.throws(
      () => verify(spoilt, stack),
      ({ message }: Error) => !message.includes('\x1b') && message.length < 1000 && message.includes('hostile: '),
    );
  });
  it('are not said without end', () => {
    const { files, stack } = rendered();
    const includes = Array.from({ length: 1000 }, (_, index) => `include none${index}.conf;\n`).join('');
    const spoilt = spoil(files, 'nginx/nginx.conf', (text) => includes + text);
    assert.throws(() => verify(spoilt, stack), /and 800 more/);
  });
});
