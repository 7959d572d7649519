import assert from 'node:assert/strict';
import { version } from '../../../src/base/version.ts';
import { changesBetween } from '../../../src/cli/commands/changelog.ts';

const text =
  '# Changelog\n\n## Unreleased\nu\n\n## 1.10.0\nten\n\n## 1.2.0 (2026-01-01)\ntwo\n### More\nm\n\n## 1.1.0\none\n';

describe('what has changed between two versions', () => {
  it('is what came after the one, up to the other, newest first', () => {
    assert.equal(changesBetween('1.1.0', '1.10.0', text), '## 1.10.0\nten\n\n## 1.2.0 (2026-01-01)\ntwo\n### More\nm');
    assert.equal(changesBetween('1.0.0', '1.1.0', text), '## 1.1.0\none');
  });
  it('is nothing between the same, and nothing backwards', () => {
    assert.equal(changesBetween('1.2.0', '1.2.0', text), '');
    assert.equal(changesBetween('1.10.0', '1.1.0', text), '');
  });
  it('is read in our own changelog', () => assert.ok(changesBetween('0.0.0', version()).startsWith(`## ${version()}`)));
});
