import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatesRoot } from '../../src/base/packageRoot.ts';
import { applies, artifacts, templateOf } from '../../src/emit/catalogue.ts';
import { verify } from '../../src/emit/promises/verify.ts';
import type { Stack } from '../../src/model/stack.ts';
import { ourPolicy } from '../../src/policy/policy.ts';
import { sampleStacks } from '../../src/team/samples.ts';
import { renderAll } from '../fixture.ts';

type Scope = Readonly<Record<string, unknown>>;
const lookUp = (scope: Scope, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Scope | undefined)?.[key], scope);

/** Every way that a template takes with a model: the tag of each test with its outcome, of each loop whether it ran. */
const waysOf = (template: string, stack: Stack): ReadonlySet<string> => {
  const tags = [...template.matchAll(/<% (?:if \((.+)\) \{|for \(const (\w+) of (.+)\) \{|(\} else \{)|(\})) -%>/g)];
  const ways = new Set<string>();
  // Reads from one tag up to the end of its block; where nothing is to be seen, only counts.
  const walk = (from: number, scope: Scope | undefined): number => {
    let at = from;
    for (; at < tags.length; at += 1) {
      const [, flag, name = '', list, otherwise, end] = tags[at] ?? [];
      if (otherwise !== undefined || end !== undefined) return at;
      if (flag !== undefined) {
        const is = scope !== undefined && Boolean(lookUp(scope, flag));
        if (scope !== undefined) ways.add(`${at} if (${flag}): ${is}`);
        at = walk(at + 1, is ? scope : undefined);
        if (tags[at]?.[4] !== undefined) at = walk(at + 1, is ? undefined : scope);
      } else if (list !== undefined) {
        const items = scope === undefined ? [] : [...(lookUp(scope, list) as Iterable<unknown>)];
        if (items.length > 0) ways.add(`${at} for (${list})`);
        const start = at + 1;
        at = walk(start, undefined);
        for (const item of items) walk(start, { ...scope, [name]: item });
      }
    }
    return at;
  };
  walk(0, stack as unknown as Scope);
  return ways;
};

/** Every way that there is. */
const allWays = (template: string): readonly string[] =>
  [...template.matchAll(/<% (?:if \((.+)\) \{|for \(const \w+ of (.+)\) \{|\} else \{|\}) -%>/g)].flatMap(
    ([, flag, list], at) => {
      if (flag !== undefined) return [`${at} if (${flag}): true`, `${at} if (${flag}): false`];
      return list === undefined ? [] : [`${at} for (${list})`];
    },
  );

describe('samples', () => {
  const stacks = Object.entries(sampleStacks({ policy: ourPolicy, packs: {} }));
  for (const [name, stack] of stacks) {
    it(`${name}: every promise is kept`, () => assert.ok(verify(renderAll(stack), stack).length > 0));
  }
  for (const artifact of artifacts) {
    const template = readFileSync(join(templatesRoot(), templateOf(artifact)), 'utf8');
    // A name that is taken is not the answers' to give: test/model/places.test.ts.
    const ways = allWays(template).filter((way) => !way.includes('(names.'));
    if (ways.length === 0) continue;
    it(`take every way through ${artifact.to}`, () => {
      const taken = new Set(
        stacks.filter(([, stack]) => applies(stack)(artifact)).flatMap(([, stack]) => [...waysOf(template, stack)]),
      );
      assert.deepEqual(
        ways.filter((way) => !taken.has(way)),
        [],
      );
    });
  }
});
