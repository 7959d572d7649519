import assert from 'node:assert/strict';
import { pathsOf } from '../../../../src/detect/rules/code/pathExpression.ts';
import { contextFrom } from '../../contextFrom.ts';

/** The paths of `at` in app/main.py. */
const paths = (expression: string, ...before: readonly string[]): readonly string[] => {
  const context = contextFrom({
    'pyproject.toml': '',
    'app/__init__.py': '',
    'app/config.py':
      'from pathlib import Path\nBASE = Path(__file__).parent\nclass S:\n    folder = "media"\n\n\ns = S()\n',
    'app/main.py': `${[...before, `at = ${expression}`].join('\n')}\n`,
  });
  const module = context.view.python('app/main.py');
  assert.ok(module);
  const value = module.assignments.find(({ target }) => target === 'at')?.value;
  return value === undefined ? [] : pathsOf(context, module, value, []);
};

describe('the path that an expression means', () => {
  for (const [expression, path] of [
    ['Path(__file__).parent / "static"', 'app/static'],
    ['Path(__file__).resolve().parents[1] / "static"', 'static'],
    ['os.path.join(os.path.dirname(os.path.abspath(__file__)), "static", "css")', 'app/static/css'],
    ['str(pathlib.Path(__file__).parent.joinpath("static"))', 'app/static'],
    ['f"{BASE}/static"', 'app/static'],
    ['BASE + "/static"', 'app/static'],
    ['config.BASE.parent / config.s.folder', 'media'],
    ['(BASE / "static")', 'app/static'],
  ] as const) {
    it(expression, () =>
      assert.deepEqual(paths(expression, 'from app import config', 'from app.config import BASE'), [path]),
    );
  }
  for (const [expression, ...expected] of [
    ['"static"', 'static', 'app/static'],
    ['Path("static")', 'static', 'app/static'],
    ['os.getenv("X", "static")', 'static', 'app/static'],
    ['config("X", default="static")', 'static', 'app/static'],
    ['given or "static"', 'static', 'app/static'],
    ['Path.cwd() / "static"', 'static', 'app/static'],
  ] as const) {
    it(`${expression}, which counts from where the app runs`, () => assert.deepEqual(paths(expression), expected));
  }
  for (const expression of ['"/srv/static"', '"."', '""', 'unknown', 'f()', 'a - b', '1', 'lambda: 1', 'f"{a}{b}"'])
    it(`is not known: ${expression}`, () => assert.deepEqual(paths(expression), []));
  it('ends on circles, on what is nested, and on more parents than any tree has', () => {
    assert.deepEqual(paths('b', 'b = at'), []);
    assert.deepEqual(paths('Path(__file__).parents[999999999999]'), []);
    assert.deepEqual(paths(`Path(__file__)${'.parent'.repeat(60)}`), []);
    assert.deepEqual(paths(`${'str('.repeat(100)}"a"${')'.repeat(100)}`), []);
    assert.deepEqual(paths(`"${'a'.repeat(600)}"`), []);
  });
});
