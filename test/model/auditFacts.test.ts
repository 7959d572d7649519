import assert from 'node:assert/strict';
import { buildAuditFacts } from '../../src/model/auditFacts.ts';

describe('what the audit is told', () => {
  type Known = Parameters<typeof buildAuditFacts>[0];
  const limit = { rate: '10r/s' as Known['limit']['rate'], burst: 20 };
  it('is the services that nobody can ask, what the app needs, and the headers', () =>
    assert.deepEqual(
      buildAuditFacts({
        workers: [
          { service: 'worker', hasHealth: true },
          { service: 'scheduler', hasHealth: false },
          { service: 'worker-2', hasHealth: false },
        ],
        required: ['A', 'B'],
        headers: [{ name: 'X-A' }, { name: 'X-B' }],
        limit,
      }),
      { servicesWithoutHealth: 'scheduler worker-2', required: 'A B', headers: 'X-A X-B', burstRequests: 60 },
    ));
  it('is enough requests for each rate, and not too many', () => {
    const requests = (rate: string, burst: number) =>
      buildAuditFacts({
        workers: [],
        required: [],
        headers: [],
        limit: { rate: rate as Known['limit']['rate'], burst },
      }).burstRequests;
    assert.deepEqual([requests('30r/m', 5), requests('120r/m', 0), requests('100r/s', 1000)], [27, 26, 500]);
  });
  it('may be nothing', () => {
    const { servicesWithoutHealth, required, headers } = buildAuditFacts({
      workers: [],
      required: [],
      headers: [],
      limit,
    });
    assert.deepEqual([servicesWithoutHealth, required, headers], ['', '', '']);
  });
});
