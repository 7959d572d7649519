import assert from 'node:assert/strict';
import { appNameFor } from '../../src/answers/appNameFor.ts';

describe('appNameFor', () => {
  for (const [folder, name] of [
    ['/srv/bookshop', 'bookshop'],
    ['/srv/My Book_Shop.2/', 'my-book-shop-2'],
    ['/srv/Bücher & Söhne', 'bucher-sohne'],
    ['/srv/2048-game', 'game'],
    ['/srv/--x--', 'x'],
    ['/srv/postgres', 'my-postgres'],
    ['/srv/null', 'fallback'],
    ['/srv/2048', 'fallback'],
    ['/srv/漫画', 'fallback'],
    ['/', 'fallback'],
    [`/srv/${'long-'.repeat(20)}`, 'long-long-long-long-long-long-long-long'],
  ] as const) {
    it(`${folder} gives ${name}`, () => assert.equal(appNameFor(folder, 'fallback'), name));
  }
});
