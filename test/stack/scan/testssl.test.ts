import assert from 'node:assert/strict';
import { domain } from '../generated.ts';
import { production } from '../production.ts';
import { describeTool } from './describeTool.ts';
import { Judge } from './judge.ts';

type Finding = { readonly id: string; readonly severity: string; readonly finding: string };

/** What it must have looked at, and found in order; a finding that is missing would be no proof. */
const inOrder = [
  'heartbleed',
  'secure_renego',
  'secure_client_renego',
  'CRIME_TLS',
  'cert_chain_of_trust',
  'HSTS_time',
];

/** All that it may say against the site, or could not look at, and why that stands. */
const exceptions: Readonly<Record<string, string>> = {
  BREACH: 'the page at / is compressed, and holds nothing secret; snippets/compression.conf says when that is no good',
  engine_problem: 'about the OpenSSL that it runs, which has no GOST ciphers',
  cert_expirationStatus: 'the certificate of the tests is for 60 days',
  cert_notAfter: 'the same',
  cert_revocation: 'the private authority of the tests publishes no list',
};

/** It says or does not say that it could not resume by a ticket. There are none: nginx would keep their key for too long. */
const unsteady = 'sessionresumption_ticket';

describeTool('testssl', 'testssl.sh on the production stack', () => {
  let judge: Judge;
  before(async () => {
    const { stack, authority } = await production();
    judge = await Judge.beside(stack, authority);
  });
  after(() => judge?.remove());

  it('grades A+, and finds nothing but what is written above', async () => {
    // It asks no DNS, and no question.
    const quietly = ['--quiet', '--color', '0', '--nodns', 'min', '--warnings', 'off'];
    const files = ['--add-ca', '/home/judge/ca.pem', '--jsonfile', '/tmp/found.json'];
    const report = await judge.run(['testssl', ...quietly, ...files, `https://${domain}/`]);
    const found = JSON.parse((await judge.must(['cat', '/tmp/found.json'])).stdout) as Finding[];
    const what = (id: string) => found.find((finding) => finding.id === id)?.finding;
    console.log(`      measured: ${what('overall_grade')}, ${what('final_score')} points, ${what('scanTime')} seconds`);
    assert.equal(what('overall_grade'), 'A+', report.all);
    for (const id of inOrder) assert.equal(found.find((finding) => finding.id === id)?.severity, 'OK', id);
    const against = found.filter(({ id, severity }) => !['OK', 'INFO'].includes(severity) && id !== unsteady);
    assert.deepEqual(
      against.map(({ id }) => id).sort(),
      Object.keys(exceptions).sort(),
      against.map(({ severity, id, finding }) => `${severity} ${id}: ${finding}`).join('\n'),
    );
  });
});
