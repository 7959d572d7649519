import assert from 'node:assert/strict';
import { includedFiles } from '../../../src/emit/promises/includedFiles.ts';

describe('the files that an include names', () => {
  const emitted = ['nginx/sites/b.conf', 'nginx/sites/a.conf', 'nginx/sites/deep/c.conf', 'monitoring/nginx/m.conf'];
  for (const [include, pattern, files] of [
    ['sites/a.conf', 'nginx/sites/a.conf', ['nginx/sites/a.conf']],
    ['/etc/nginx/sites/a.conf', 'nginx/sites/a.conf', ['nginx/sites/a.conf']],
    ['sites/*.conf', 'nginx/sites/*.conf', ['nginx/sites/a.conf', 'nginx/sites/b.conf']],
    ['sites/?.conf', 'nginx/sites/?.conf', ['nginx/sites/a.conf', 'nginx/sites/b.conf']],
    ['/etc/nginx-monitoring/*.conf', 'monitoring/nginx/*.conf', ['monitoring/nginx/m.conf']],
    ['sites/[ab].conf', 'nginx/sites/[ab].conf', []],
    ['../passwd', '/etc/passwd', []],
    ['sites/aXconf', 'nginx/sites/aXconf', []],
  ] as const) {
    it(`${include}: ${files.join(', ') || 'none'}`, () =>
      assert.deepEqual(includedFiles(include, emitted), { pattern, files }));
  }
});
