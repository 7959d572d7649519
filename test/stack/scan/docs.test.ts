import assert from 'node:assert/strict';
import { browse, type Page, type Visit } from './browse.ts';
import { describeTool } from './describeTool.ts';
import { extras } from './extras.ts';
import { Judge } from './judge.ts';

const text = 'document.body.innerText';

const pages: readonly (readonly [string, Page, readonly string[]])[] = [
  [
    'Swagger UI',
    { path: '/docs', until: 'document.querySelectorAll(".opblock").length > 1', read: text },
    ['https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/swagger-ui.css'],
  ],
  [
    'ReDoc',
    { path: '/redoc', until: 'document.querySelectorAll("[data-section-id]").length > 2', read: text },
    [
      'https://fonts.googleapis.com/css?family=Montserrat:300,400,700|Roboto:300,400,700',
      'https://fonts.gstatic.com/s/font.ttf',
    ],
  ],
];

describeTool('chromium', 'the open docs of a stack', () => {
  let judge: Judge;
  before(async () => {
    const { stack, authority } = await extras();
    judge = await Judge.beside(stack, authority);
    await judge.serveOutside();
  });
  after(() => judge?.remove());

  for (const [name, page, requests] of pages) {
    it(`${name} shows the operations of the API, and the browser has nothing against it`, async () => {
      const visit: Visit = await browse(judge, page.path.slice(1), page);
      assert.deepEqual(visit.complaints, []);
      assert.ok(visit.ready, JSON.stringify(visit.value));
      assert.match(String(visit.value), /\/api\/comics/);
      for (const request of requests) assert.ok(visit.requests.includes(request), visit.requests.join('\n'));
      assert.ok(visit.picture.colours > 50, String(visit.picture.colours));
    });
  }

  it('Swagger UI sends a request, and shows the answer', async () => {
    const read = `(async () => {
      const wait = () => new Promise((resolve) => setTimeout(resolve, 1000));
      const click = async (selector) => { document.querySelector(selector).click(); await wait(); };
      await click('.opblock-get .opblock-summary-control');
      await click('.try-out__btn');
      await click('.execute');
      return document.querySelector('.live-responses-table tbody .response-col_status').innerText;
    })()`;
    const visit = await browse(judge, 'docs-tried', {
      path: '/docs',
      until: 'document.querySelector(".opblock-get")',
      read,
    });
    assert.deepEqual(visit.complaints, []);
    assert.match(String(visit.value), /200/);
  });
});
