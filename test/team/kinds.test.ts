import assert from 'node:assert/strict';
import fc from 'fast-check';
import { kinds } from '../../src/team/kinds.ts';
import { hostile } from '../deep/hostile/corpus.ts';

// What no accepted value may hold, wherever it is printed: quotes, escapes, expansion, ends of statements, markup, control.
const never = /["'`\\$;{}<>|&#\r\n\t]|[^\x20-\x7e]|<%|%>/;
const near = fc.oneof(
  ...(['domain', 'appName', 'dbUser', 'certEmail', 'apiPaths', 'rateLimitExempt', 'packs'] as const).map(hostile),
);

describe('kinds of answers to packs', () => {
  for (const [name, parse] of Object.entries(kinds)) {
    it(`${name}: of 3000 hostile values, each is refused or safe everywhere`, () => {
      let accepted = 0;
      const tryOne = (raw: string) => {
        let value: unknown;
        try {
          value = parse(raw);
        } catch (error) {
          assert.match((error as Error).message, /for example|is not one of/);
          return;
        }
        accepted += 1;
        for (const text of [value].flat()) assert.doesNotMatch(String(text), never, raw);
      };
      fc.assert(fc.property(near, tryOne), { numRuns: 3000, seed: 7 });
      for (const good of [
        '8',
        'app.example.test',
        'on',
        '10r/s',
        '10m',
        'Payments team',
        'a_role',
        '/path',
        '9000',
        'a/b',
      ])
        tryOne(good);
      assert.ok(accepted > 0);
    });
  }
  for (const [raw, isRight] of [
    ['Payments team', true],
    ['v1.2', true],
    ['yes', false],
    ['No', false],
    ['a: b', false],
    ['-a', false],
    ['a  b', false],
    ['', false],
  ] as const) {
    it(`words: ${JSON.stringify(raw)} is ${isRight ? 'right' : 'refused'}`, () => {
      if (isRight) assert.equal(kinds.words(raw), raw);
      else assert.throws(() => kinds.words(raw));
    });
  }
});
