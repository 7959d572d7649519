import assert from 'node:assert/strict';
import { readIni } from '../../../src/detect/read/ini.ts';

const plain = (text: string) =>
  Object.fromEntries([...readIni(text)].map(([section, keys]) => [section, Object.fromEntries(keys)]));

describe('readIni', () => {
  it('gives the keys of each section with their lines', () => {
    assert.deepEqual(plain('[alembic]\nscript_location = db/migrations\n\n[logger.root]\nlevel: WARN\n'), {
      alembic: { script_location: { value: 'db/migrations', line: 2 } },
      'logger.root': { level: { value: 'WARN', line: 5 } },
    });
  });
  it('takes the last of a key, and a section that comes back as the same', () => {
    assert.deepEqual(plain('[a]\nx = 1\n[b]\n[a]\nx = 2\ny =\n'), {
      a: { x: { value: '2', line: 5 }, y: { value: '', line: 6 } },
      b: {},
    });
  });
  it('leaves comments, lines that go on, and what stands before the first section', () => {
    assert.deepEqual(plain('early = 1\n# [no]\n[a]\n; x = 1\n# y = 2\nz = one\n    two = 2\n'), {
      a: { z: { value: 'one', line: 6 } },
    });
  });
  it('is empty of nothing, and of no INI at all', () => {
    for (const text of ['', '\n\n', '{"a": 1}', '[', '[]', '\u0000']) assert.deepEqual(plain(text), {});
  });
  it('takes names of objects for names', () => {
    assert.deepEqual(readIni('[__proto__]\nconstructor = 1\n').get('__proto__')?.get('constructor'), {
      value: '1',
      line: 2,
    });
  });
  it('ends on lines of half a megabyte', () => {
    const wide = ' '.repeat(500_000);
    assert.equal(readIni(`[a]\nx =${wide}1${wide}\n`).get('a')?.get('x')?.value, '1');
    assert.equal(readIni(`[a]\nx ${wide}y\n`).get('a')?.size, 0);
    assert.equal(readIni('['.repeat(500_000)).size, 0);
  });
});

describe('a long line', () => {
  it('has an end', () => {
    const started = performance.now();
    const read = readIni(`[a]\nb = ${' '.repeat(200_000)}x${' '.repeat(200_000)}y\u2028\n`);
    assert.match(read.get('a')?.get('b')?.value ?? '', /^x +y$/);
    assert.ok(performance.now() - started < 2000);
  });
});
