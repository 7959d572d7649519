import assert from 'node:assert/strict';
import { nginxTree } from '../../../src/emit/promises/nginxTree.ts';
import { publicServers } from '../../../src/emit/promises/publicServers.ts';
import { setOf } from '../../../src/emit/promises/renderedSet.ts';
import { rendered } from './broken.ts';

describe('the servers that others reach', () => {
  it('are those of the site, its redirects, port 80 and unknown names; not that for the container, nor that for monitoring', () => {
    const { files } = rendered({ monitoring: 'on', redirectNames: 'www.example.com' });
    assert.deepEqual(
      publicServers(nginxTree(setOf(files))).map(({ file }) => file),
      ['unknown-names', 'unknown-names', 'http', 'redirects', 'site'].map((name) => `nginx/sites/${name}.conf`),
    );
  });

  for (const [listens, isPublic] of [
    ['listen 8080;', true],
    ['', true],
    ['listen 127.0.0.1:80; listen 8080;', true],
    ['listen 127.0.0.1:80; listen [::1]:80; listen unix:/tmp/x;', false],
    ['listen 127.0.0.10:80;', true],
  ] as const) {
    it(`${listens || 'no listen'}: ${isPublic ? 'yes' : 'no'}`, () => {
      const text = `http { server { ${listens} } upstream app { server app:1; } }`;
      const set = setOf([{ artifact: { owner: 'nginx', to: 'nginx/nginx.conf' }, text }] as never);
      assert.equal(publicServers(nginxTree(set)).length, isPublic ? 1 : 0);
    });
  }
});
