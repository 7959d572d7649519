import assert from 'node:assert/strict';
import { domain } from '../generated.ts';
import { production } from '../production.ts';
import { type Site, sendJson } from '../site.ts';
import { browse } from './browse.ts';
import { describeTool } from './describeTool.ts';
import { Judge } from './judge.ts';

const listed = '[...document.querySelectorAll("li")].map((item) => item.textContent)';

/** What a stored or reflected text could do if the app forgot to escape it: a script, a style, a picture from elsewhere. */
const injection = `(() => {
  const add = (name, rest) => document.body.append(Object.assign(document.createElement(name), rest));
  add('script', { textContent: 'document.title = "taken over"' });
  add('script', { src: 'https://cdn.jsdelivr.net/npm/redoc@2/bundles/redoc.standalone.js' });
  add('style', { textContent: 'h1 { display: none }' });
  add('img', { src: 'https://fastapi.tiangolo.com/img/favicon.png' });
  return new Promise((resolve) => setTimeout(() => resolve(document.title), 500));
})()`;

describeTool('chromium', 'the page of the new app', () => {
  let judge: Judge;
  let site: Site;
  before(async () => {
    const { stack, site: running, authority } = await production();
    site = running;
    judge = await Judge.beside(stack, authority);
  });
  after(() => judge?.remove());

  it('shows what its script fetched, and the browser has nothing against it', async () => {
    assert.equal((await sendJson(site, '/api/comics', { title: 'Seen by Chromium', issue: 3 })).status, 201);
    const visit = await browse(judge, 'page', { path: '/', until: `${listed}.length > 0`, read: listed });
    assert.deepEqual(visit.complaints, []);
    assert.ok((visit.value as string[]).includes('Seen by Chromium #3'), JSON.stringify(visit.value));
    assert.deepEqual(
      visit.requests.filter((url) => !url.startsWith(`https://${domain}/`)),
      [],
    );
    // Letters alone have tens of shades; an empty page has one colour, an unstyled one is black on white.
    assert.deepEqual([visit.picture.width, visit.picture.height], [1000, 800]);
    assert.ok(visit.picture.colours > 50, String(visit.picture.colours));
  });

  it('can be used: a comic that is added there is in the list, and in the API', async () => {
    const read = `(async () => {
      const form = document.querySelector('form');
      form.elements.title.value = 'Typed <b>here</b>';
      form.elements.issue.value = '9';
      form.elements.token.value = '${site.token?.()}';
      form.requestSubmit();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return ${listed};
    })()`;
    const visit = await browse(judge, 'page-added', { path: '/', until: `${listed}.length > 0`, read });
    assert.deepEqual(visit.complaints, []);
    assert.ok((visit.value as string[]).includes('Typed <b>here</b> #9'), JSON.stringify(visit.value));
  });

  it('refuses what is injected into it, and the check above would see that', async () => {
    const visit = await browse(judge, 'page-injected', { path: '/', until: `${listed}.length > 0`, read: injection });
    assert.notEqual(visit.value, 'taken over');
    for (const directive of ['script-src', 'style-src', 'img-src']) {
      assert.ok(
        visit.complaints.some((text) => text.includes(directive)),
        `${directive}: ${visit.complaints.join('\n')}`,
      );
    }
  });
});
