import assert from 'node:assert/strict';
import { setOf } from '../../src/emit/promises/renderedSet.ts';
import { promisedBy } from '../../src/team/patterns.ts';
import { renderAll, spoil, stackOf } from '../fixture.ts';

const stack = stackOf();
const files = spoil(renderAll(stack), 'nginx/nginx.conf', (text) => `${text}# tea\n`);
const broken = (given: Omit<Parameters<typeof promisedBy>[0], 'promise'>) =>
  promisedBy({ promise: 'x', ...given })(setOf(files), stack);

describe('a promise of a pack', () => {
  it('is kept where every file has what it must, and none what it must not', () => {
    assert.deepEqual(broken({ files: ['nginx/nginx.conf'], matches: '^http \\{$', lacks: 'coffee' }), []);
  });
  it('names each file that does not match, and each that matches what it lacks; a folder is all in it', () => {
    assert.deepEqual(broken({ files: ['nginx/'], lacks: '^# tea$' }), ['nginx/nginx.conf matches ^# tea$']);
    const all = broken({ files: ['nginx/'], matches: '^# tea$' });
    assert.ok(all.includes('nginx/sites/site.conf does not match ^# tea$'));
    assert.ok(!all.some((line) => line.startsWith('nginx/nginx.conf ')));
  });
  it('that no file is emitted for is broken', () => {
    assert.deepEqual(broken({ files: ['no/such.file', 'no/'], lacks: 'x' }), [
      'no/such.file is not emitted',
      'no/ is not emitted',
    ]);
    // A folder is said with its slash.
    assert.deepEqual(broken({ files: ['nginx'], lacks: 'tea' }), ['nginx is not emitted']);
  });
  it('never looks at secrets: what it says would show them', () =>
    assert.deepEqual(broken({ files: ['.env.production'], matches: 'SECRET_KEY' }), [
      '.env.production is not emitted',
    ]));
});
