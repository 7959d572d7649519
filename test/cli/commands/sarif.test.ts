import assert from 'node:assert/strict';
import { version } from '../../../src/base/version.ts';
import { findingKindNames } from '../../../src/cli/commands/findings.ts';
import { sarifOf } from '../../../src/cli/commands/sarif.ts';
import { commandsOf } from '../../../src/cli/door.ts';

const run = commandsOf('comicpile');

describe('findings as SARIF', () => {
  it('have a rule for each kind, whether it was found or not', () => {
    const { version: format, runs } = JSON.parse(sarifOf([], run));
    assert.equal(format, '2.1.0');
    assert.deepEqual(runs[0].results, []);
    assert.equal(runs[0].tool.driver.semanticVersion, version());
    assert.deepEqual(
      runs[0].tool.driver.rules.map(({ id }: { id: string }) => id),
      findingKindNames.map((name) => `comicpile/${name}`),
    );
  });
  it('have a place in the project, as a URI, and a rule that there is', () => {
    const { runs } = JSON.parse(sarifOf([{ path: 'docs/a b%ü.md', kind: 'edited' }], run));
    const [result] = runs[0].results;
    assert.equal(result.ruleId, 'comicpile/edited');
    assert.match(result.message.text, /^docs\/a b%ü\.md: was edited: comicpile diff shows how$/);
    assert.equal(result.locations[0].physicalLocation.artifactLocation.uri, 'docs/a%20b%25%C3%BC.md');
  });
});
