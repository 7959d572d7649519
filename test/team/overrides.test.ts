import assert from 'node:assert/strict';
import { digest } from '../../src/base/digest.ts';
import { projectTemplates } from '../../src/emit/sources.ts';
import { isBehind, overridesIn } from '../../src/team/overrides.ts';
import { loadTeam } from '../../src/team/team.ts';
import { folderWith, scratch } from '../fixture.ts';

const own = async (...paths: string[]) => {
  const files = Object.fromEntries(paths.map((path) => [`${projectTemplates}/${path}`, 'mine\n']));
  return overridesIn(await loadTeam(folderWith(files), []));
};

describe('overridesIn', () => {
  it('are none in a project without templates of its own', async () =>
    assert.deepEqual(overridesIn(await loadTeam(scratch(), [])), []));
  it('are each with the file that it makes, and the template that it stands before', async () => {
    const [whole, lines, nothing, ...more] = await own(
      '_gitignore.ejs',
      'nginx/nginx.conf.extra/http.ejs',
      'nginx/typo.conf.ejs',
    );
    assert.deepEqual(more, []);
    assert.deepEqual([whole?.template.text, whole?.artifact?.to], ['mine\n', '.gitignore']);
    assert.equal(whole?.origin?.source.isOurs, true);
    // Lines stand before nothing.
    assert.deepEqual([lines?.artifact?.to, lines?.origin], ['nginx/nginx.conf', undefined]);
    assert.deepEqual([nothing?.artifact, nothing?.origin], [undefined, undefined]);
  });
});

describe('isBehind', () => {
  it('tells what was taken from another template than there is now, and what makes no file', async () => {
    const [whole, lines] = await own('_gitignore.ejs', 'nginx/nginx.conf.extra/http.ejs');
    const [nothing] = await own('nginx/typo.conf.ejs');
    assert.ok(whole && lines && nothing);
    const { path } = whole.template;
    assert.equal(isBehind(whole, { [path]: digest(whole.origin?.text ?? '') }), false);
    assert.equal(isBehind(whole, { [path]: digest('of an older version') }), true);
    // One that was not ejected was taken from nothing.
    assert.equal(isBehind(whole, {}), false);
    assert.equal(isBehind(lines, {}), false);
    assert.equal(isBehind(nothing, {}), true);
  });
});
