import assert from 'node:assert/strict';
import { optionalPolicy } from '../../src/answers/edgeValues.ts';
import { docsPolicy, policies } from '../../src/policy/csp.ts';

describe('policies', () => {
  for (const [name, policy] of Object.entries({ ...policies, docs: docsPolicy })) {
    it(`${name} is a policy that we would take from a user`, () => assert.equal(optionalPolicy(policy), policy));
    it(`${name} allows nothing that it does not name`, () => assert.match(policy, /^default-src 'none'; /));
  }
  for (const [name, policy] of Object.entries(policies)) {
    it(`${name} allows no inline or evaluated script`, () => {
      assert.doesNotMatch(policy, /script-src [^;]*unsafe|script-src [^;]*(?:https?:|data:|\*)/);
    });
  }
});
