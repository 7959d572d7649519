import assert from 'node:assert/strict';
import { PathEvaluator } from '../../../../src/detect/rules/code/pathEvaluator.ts';
import { contextFrom } from '../../contextFrom.ts';

const context = contextFrom({
  'pyproject.toml': '',
  'app/__init__.py': '',
  'app/main.py': [
    'from pathlib import Path',
    'BASE = Path(__file__).parent',
    'NAME = "static"',
    'loop = other',
    'other = loop',
    'TWICE = (BASE / "a") if x else BASE',
    'def f():',
    '    BASE = "inner"',
  ].join('\n'),
});
const evaluate = (text: string, within: readonly string[] = [], evaluator = new PathEvaluator(context)) => {
  const module = context.view.python('app/main.py') ?? assert.fail();
  const found = evaluator.evaluate(module, text, within, 0);
  return found && `${found.from} ${found.path}`;
};

describe('the path that a piece of code means', () => {
  for (const [text, expected] of [
    ['"a/b"', 'cwd a/b'],
    ["r'a'", 'cwd a'],
    ['"""a"""', 'cwd a'],
    ['__file__', 'file app/main.py'],
    ['BASE', 'file app'],
    ['NAME', 'cwd static'],
    ['(BASE)', 'file app'],
    ['BASE / NAME', 'file app/static'],
    ['BASE + "/x"', 'file app/x'],
    ['BASE / "/srv"', 'cwd /srv'],
    ['f"{BASE}/x"', 'file app/x'],
    ['BASE.parent', 'file '],
    ['BASE.parents[0]', 'file '],
    ['Path()', 'cwd '],
    ['pathlib.PurePath("a", "b")', 'cwd a/b'],
    ['os.path.join(BASE, "a", "b")', 'file app/a/b'],
    ['os.path.dirname(BASE)', 'file '],
    ['str(BASE.resolve().absolute())', 'file app'],
    ['BASE.joinpath("a", NAME)', 'file app/a/static'],
    ['Path.cwd() / "a"', 'cwd a'],
    ['os.getenv("X", NAME)', 'cwd static'],
    ['config("X", default=BASE)', 'file app'],
    ['Field("a")', 'cwd a'],
    ['unknown or "a"', 'cwd a'],
  ] as const) {
    it(`is ${expected} for ${text}`, () => assert.equal(evaluate(text), expected));
  }
  for (const text of [
    '',
    '1',
    'unknown',
    'loop',
    'TWICE',
    'BASE - "a"',
    '"a" + BASE',
    'BASE.parents[x]',
    'BASE.parents[99999]',
    'f"{BASE}/{NAME}"',
    'f"{f()}"',
    'os.getenv("X")',
    'exec("x")',
    'b"a"',
    ')(',
    `"${'a'.repeat(500)}"`,
    `${'str('.repeat(30)}"a"${')'.repeat(30)}`,
  ]) {
    it(`is not known for ${text.slice(0, 40)}`, () => assert.equal(evaluate(text), undefined));
  }
  it('is looked for a bounded number of times, in all', () => {
    const one = new PathEvaluator(context);
    const found = Array.from({ length: 300 }, () => evaluate('"a"', [], one));
    assert.equal(found.filter((path) => path === 'cwd a').length, 200);
    assert.deepEqual(new Set(found.slice(200)), new Set([undefined]));
  });
});
