import assert from 'node:assert/strict';
import { weaknessOf } from '../../src/model/weakness.ts';
import { corpus, judged } from '../model/weakValues.ts';
import { describeIn, folderOf, runScript } from './languages.ts';

type Judge = (values: readonly string[]) => readonly string[];

/** What scripts/lib.sh says of each value; nothing where it is strong. */
const judgeOfBash: Judge = (values) => {
  const script = `. scripts/lib.sh
    while IFS= read -r -d '' value; do printf '%s\\0' "$(weakness "$value")"; done`;
  const input = values.map((value) => `${value}\0`).join('');
  return runScript('bash', script, folderOf('scripts/lib.sh'), input).split('\0').slice(0, -1);
};

/**
 * What the emitted app says. Its settings need packages that are not here: of app/settings.py runs what the judge is made of, the
 * constants and the function.
 */
const judgeOfPython: Judge = (values) => {
  const script = `
import ast, json, re, sys
tree = ast.parse(open("app/settings.py", encoding="utf-8").read())
wanted = {"SECRET_LENGTH", "SECRET_VARIETY", "PLACEHOLDER", "weakness"}
named = lambda node: {getattr(node, "name", "")} | {each.id for each in getattr(node, "targets", []) if isinstance(each, ast.Name)}
tree.body = [node for node in tree.body if named(node) & wanted]
assert len(tree.body) == len(wanted)
judge = {"re": re}
exec(compile(tree, "app/settings.py", "exec", flags=__import__("__future__").annotations.compiler_flag), judge)
json.dump([judge["weakness"](value) or "" for value in json.load(sys.stdin)], sys.stdout)`;
  return JSON.parse(runScript('python3', script, folderOf('app/settings.py'), JSON.stringify(values))) as string[];
};

describe('the strength of a secret', () => {
  it('has a table in which every case has its own name, and every reason its cases', () => {
    assert.equal(new Set(judged.map(({ name }) => name)).size, judged.length);
    assert.equal(new Set(judged.map(({ reason }) => reason)).size, 6);
  });

  describe('is judged by the generator', () => {
    for (const { name, value, reason } of judged) {
      it(`${name}: ${reason ?? 'is strong'}`, () => assert.equal(weaknessOf(value) ?? null, reason));
    }
  });

  for (const [program, owner, judge] of [
    ['bash', 'the emitted scripts', judgeOfBash],
    ['python3', 'the emitted app', judgeOfPython],
  ] as const) {
    describeIn(program, `is judged by ${owner}`, () => {
      let said: readonly string[] = [];
      before('one process for all', () => {
        said = judge(judged.map(({ value }) => value));
      });
      for (const [index, { name, reason }] of judged.entries()) {
        it(`${name}: ${reason ?? 'is strong'}`, () => assert.equal(said[index], reason ?? ''));
      }

      it('as by the generator, of random values too', () => {
        const values = corpus();
        const reasons = values.map((value) => weaknessOf(value) ?? '');
        assert.deepEqual(judge(values), reasons);
        assert.equal(new Set(reasons).size, 6, 'the values meet every reason');
      });
    });
  }
});
