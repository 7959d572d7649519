import assert from 'node:assert/strict';
import { renderAll, stackOf } from '../fixture.ts';
import { each, nodeOf, parsed } from './parsed.ts';

type Definition = readonly [name: string, file: string];

/** The functions of a script, those inside of others too. */
const functionsOf = (file: string, text: string): readonly string[] => {
  const names: string[] = [];
  each(parsed(file, text).root, (node, kind) => {
    if (kind === 'FuncDecl') names.push(nodeOf(node.Name)?.Value as string);
  });
  return names;
};

/** Names that mean one thing in scripts/lib.sh and another one in a script that sources it. */
const redefined = (scripts: ReadonlyMap<string, string>): readonly Definition[] => {
  const shared = new Set(functionsOf('scripts/lib.sh', scripts.get('scripts/lib.sh') ?? ''));
  return [...scripts]
    .filter(([file]) => file !== 'scripts/lib.sh')
    .flatMap(([file, text]) => functionsOf(file, text).map((name) => [name, file] as const))
    .filter(([name]) => shared.has(name));
};

// With all that answers can add to them.
const emitted = renderAll(stackOf({ secrets: 'files', ipv6: 'on', monitoring: 'on', logShipping: 'loki' }))
  .filter(({ artifact }) => artifact.to.endsWith('.sh'))
  .map(({ artifact, text }) => [artifact.to, text] as const);

describe('functions of scripts/lib.sh', () => {
  // Bash takes the last definition for all callers, those in lib.sh too.
  it('no script gives another meaning to one', () => assert.deepEqual(redefined(new Map(emitted)), []));

  it('finds one that does', () => {
    const scripts = new Map([
      ['scripts/lib.sh', 'place() { echo "$1"; }\nwhere() { place here; }'],
      ['scripts/other.sh', 'place() { rm -r "$1"; }\nown() { :; }'],
    ]);
    assert.deepEqual(redefined(scripts), [['place', 'scripts/other.sh']]);
  });
});
