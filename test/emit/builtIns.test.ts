import assert from 'node:assert/strict';
import { assemble } from '../../src/emit/assemble.ts';
import { builtIns } from '../../src/emit/builtIns.ts';
import { applies, artifacts, templateOf } from '../../src/emit/catalogue.ts';
import { compile, run } from '../../src/emit/engine.ts';
import { slotsIn } from '../../src/emit/slots.ts';
import { builtIn, find } from '../../src/emit/sources.ts';
import { ourPolicy } from '../../src/policy/policy.ts';
import { sampleStacks } from '../../src/team/samples.ts';
import { reference } from './reference.ts';

describe('builtIns', () => {
  const paths = new Set(artifacts.map(templateOf));
  it('are the templates of the catalogue, with their slots', () => {
    assert.deepEqual(Object.keys(builtIns()).sort(), [...paths].sort());
    for (const path of paths) assert.deepEqual(builtIns()[path]?.slots, slotsIn(find([builtIn()], path).text), path);
  });

  const used = new Set<string>();
  const sources = [builtIn()];
  for (const [name, stack] of Object.entries(sampleStacks({ policy: ourPolicy, packs: {} }))) {
    it(`give what their text gives when it is compiled now: ${name}`, () => {
      const keys = new Set(Object.keys(stack));
      for (const path of artifacts.filter(applies(stack)).map(templateOf)) {
        const { source, problems } = assemble(path, sources, keys);
        assert.deepEqual(problems, []);
        const compiled = builtIns()[path] ?? assert.fail(path);
        const { text, misses } = run(compiled.run, stack);
        assert.deepEqual(misses, [], path);
        assert.deepEqual(run(compile(source).run, stack), { text, misses }, path);
        assert.equal(text, reference(find(sources, path).text.replace(/^[ \t]*<%# .*\n/gm, ''), stack), path);
        assert.doesNotMatch(text, /\bundefined\b|\[object |\bNaN\b/, path);
        used.add(path);
      }
    });
  }
  it('are all used by one sample or another', () => assert.deepEqual([...used].sort(), [...paths].sort()));
});
