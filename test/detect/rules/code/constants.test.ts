import assert from 'node:assert/strict';
import { constantText } from '../../../../src/detect/rules/code/constants.ts';
import { contextFrom } from '../../contextFrom.ts';

const text = (expression: string, ...before: readonly string[]) => {
  const context = contextFrom({
    'app/__init__.py': '',
    'app/config.py':
      'ROOT = "/root"\nclass Settings(BaseSettings):\n    API: str = Field(default="/api")\n    n: int = 1\n',
    'app/main.py': `from app.config import ROOT, settings\n${[...before, `at = ${expression}`].join('\n')}\n`,
  });
  const module = context.view.python('app/main.py') ?? assert.fail();
  return constantText(context, module, module.assignments.find(({ target }) => target === 'at')?.value);
};

describe('the text of a constant', () => {
  for (const [expression, expected] of [
    ['"/a"', '/a'],
    ['"/a" "/b"', '/a/b'],
    ['"/a" + ROOT', '/a/root'],
    ['f"{ROOT}/x"', '/root/x'],
    ['ROOT', '/root'],
    ['settings.API', '/api'],
    ['f"{settings.API}/v1"', '/api/v1'],
    ['os.getenv("X", "/x")', '/x'],
    ['str("/x")', '/x'],
    ['Field(title="no", default="/x")', '/x'],
  ] as const) {
    it(`is ${expected} for ${expression}`, () => assert.equal(text(expression), expected));
  }
  for (const expression of [
    '1',
    'unknown',
    'f"{ROOT}{unknown}"',
    'settings.gone',
    'settings.n',
    'os.getenv("X")',
    'f()',
  ])
    it(`is not known for ${expression}`, () => assert.equal(text(expression), undefined));
  it('ends on names that name each other', () => assert.equal(text('a', 'a = b', 'b = a'), undefined));
});
