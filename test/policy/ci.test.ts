import assert from 'node:assert/strict';
import { ci } from '../../src/policy/ci.ts';

describe('what pipelines use', () => {
  for (const [name, text] of Object.entries(ci.actions))
    it(`${name} is pinned by a commit, with its version for Dependabot`, () =>
      assert.match(text, /^[a-z-]+\/[a-z-]+(?:\/[a-z-]+)*@[0-9a-f]{40} {2}# v\d+\.\d+\.\d+$/));
  for (const [name, text] of Object.entries(ci.hooks))
    it(`${name} is pinned by a commit, with its version`, () =>
      assert.match(text, /^[0-9a-f]{40} {2}# frozen: v\d+\.\d+\.\d+$/));
  for (const [name, text] of Object.entries(ci.images))
    it(`${name} is pinned by tag and digest`, () =>
      assert.match(text, /^[a-z0-9./-]+:[a-zA-Z0-9._-]+@sha256:[0-9a-f]{64}$/));
});
