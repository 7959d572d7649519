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
      { servicesWithoutHealth: 'scheduler worker-2', required: 'A B', headers: 'X-A X-B', rate: '10r/s', burst: 20 },
    ));
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
