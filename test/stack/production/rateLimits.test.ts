import assert from 'node:assert/strict';
import { burst, shown, tally } from '../burst.ts';
import { production } from '../production.ts';
import { type Ask, ask, calm, type Site, valuesOf } from '../site.ts';

describe('production: rate limits', () => {
  let site: Site;
  before(async () => {
    ({ site } = await production());
  });
  beforeEach(calm);
  after(calm);

  it('answer a burst of 60 with some 429 and Retry-After, none 503, and serve the rest', async () => {
    const replies = await burst(site, 60, '/health');
    const counts = tally(replies);
    console.log(`      measured: ${shown(counts)}`);
    assert.deepEqual([...counts.keys()].sort(), [200, 429], shown(counts));
    assert.ok((counts.get(200) ?? 0) >= 20, shown(counts));
    for (const reply of replies) assert.deepEqual(valuesOf(reply, 'Retry-After'), reply.status === 429 ? ['1'] : []);
  });

  it('are not fooled by a forged address in X-Forwarded-For, Forwarded or X-Real-IP', async () => {
    const forged = (index: number): Ask => {
      const address = `203.0.113.${index}`;
      return { headers: { 'X-Forwarded-For': address, 'X-Real-IP': address, Forwarded: `for=${address}` } };
    };
    const counts = tally(await burst(site, 60, '/health', forged));
    assert.ok((counts.get(429) ?? 0) > 0, shown(counts));
    assert.ok((counts.get(429) ?? 0) + (counts.get(200) ?? 0) === 60, shown(counts));
  });

  it('are tighter on paths that invite guessing', async () => {
    const replies = await burst(site, 12, '/login');
    const counts = tally(replies);
    assert.deepEqual([...counts.keys()].sort(), [404, 429], shown(counts));
    assert.ok((counts.get(404) ?? 0) <= 7, shown(counts));
    const refused = replies.filter(({ status }) => status === 429);
    for (const reply of refused) assert.deepEqual(valuesOf(reply, 'Retry-After'), ['6']);
  });

  it('let the same client in again soon', async () => {
    assert.equal((await ask(site, '/health')).status, 200);
  });
});
