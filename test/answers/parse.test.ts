import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { rawAnswers } from '../fixture.ts';

const problemsOf = (given: Parameters<typeof rawAnswers>[0]): readonly string[] => {
  try {
    parseAnswers(rawAnswers(given));
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.equal(error.code, 2);
    return error.problems;
  }
  return [];
};

describe('parseAnswers', () => {
  it('takes the defaults', () => assert.equal(parseAnswers(rawAnswers()).appPort, 8000));
  it('lists every problem in one refusal', () => {
    const problems = problemsOf({ domain: 'bad host', appName: 'Comic Pile', dbUser: 'postgres', bodySize: '10g' });
    assert.deepEqual(
      problems.map((problem) => problem.split(' ')[0]),
      ['--domain:', '--app-name:', '--db-user:', '--body-size:'],
    );
  });
  it('refuses a name that the build needs', () =>
    assert.match(problemsOf({ appName: 'fastapi' })[0] ?? '', /my-fastapi/));
  it('refuses the main host name among the others', () => {
    assert.match(problemsOf({ serverNames: 'app.example.test' })[0] ?? '', /already/);
  });
  it('refuses a port of the development stack', () => {
    assert.match(problemsOf({ appPort: '5432' })[0] ?? '', /PostgreSQL's in development/);
  });
  for (const [what, given, complaint] of [
    ['a name that redirects to itself', { redirectNames: 'app.example.test' }, /--redirect-names: app\.example\.test/],
    ['a custom policy without one', { csp: 'custom' }, /--csp custom needs --csp-policy/],
    ['a policy that nobody reads', { cspPolicy: "default-src 'self'" }, /--csp-policy is for --csp custom/],
    ['a load balancer without networks', { behind: 'aws-alb' }, /--behind aws-alb needs --trusted-proxies/],
    ['networks that nobody reads', { trustedProxies: '10.0.0.0/8' }, /--trusted-proxies is not for --behind none/],
    ['private addresses without a way out', { egressAllow: '10.0.0.5:22' }, /--egress-allow is for --egress internet/],
    ['logs without monitoring', { logShipping: 'loki' }, /--log-shipping loki is for --monitoring on/],
    ['alerts without monitoring', { alertReceiver: 'slack' }, /--alert-receiver slack is for --monitoring on/],
    [
      'e-mail without an address',
      { monitoring: 'on', alertReceiver: 'email' },
      /needs --alert-email and --smtp-server/,
    ],
    ['a mailbox that nobody uses', { monitoring: 'on', alertEmail: 'a@b.example' }, /are for --alert-receiver email/],
    ['HTTP/3 behind a CDN', { http3: 'on', behind: 'cloudflare' }, /--http3 on/],
    ['paths beside no single-page app', { apiPaths: '/auth' }, /--api-paths is for --spa/],
  ] as const) {
    it(`refuses ${what}`, () => assert.match(problemsOf(given).join('\n'), complaint));
  }
  it('refuses answers about an app that is not there', () => {
    assert.match(problemsOf({ appEntry: 'main:app' })[0] ?? '', /--app existing/);
    assert.match(problemsOf({ migrations: 'none' })[0] ?? '', /--app existing/);
  });
});
