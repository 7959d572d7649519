import assert from 'node:assert/strict';
import { namedEntries } from '../../../../src/detect/rules/app/namedEntries.ts';
import { contextFrom } from '../../contextFrom.ts';

const named = (tree: Readonly<Record<string, string>>, root = '') =>
  namedEntries(contextFrom(tree, root)).map(({ module, attribute, isFactory, byFile, evidence }) => [
    `${module}:${attribute}${isFactory ? '()' : ''}${byFile ? ' by file' : ''}`,
    `${evidence.file}:${evidence.line}`,
  ]);
const ofCommand = (command: string) => named({ Procfile: `web: ${command}\n` }).map(([entry]) => entry);
const ofCode = (code: string) => named({ 'run.py': `import uvicorn\n${code}\n` });

describe('an entry that is written down', () => {
  it('is that of the tool of FastAPI', () => {
    assert.deepEqual(named({ 'a/pyproject.toml': '[tool.fastapi]\nentrypoint = "shop.main:app"\n' }, 'a'), [
      ['shop.main:app', 'a/pyproject.toml:2'],
    ]);
    for (const text of ['[tool.fastapi]\nentrypoint = "shop.main"\n', '[tool.fastapi]\nentrypoint = 1\n', 'x = ['])
      assert.deepEqual(named({ 'pyproject.toml': text }), []);
  });
  for (const [command, ...expected] of [
    ['uvicorn shop.main:app --port 1', 'shop.main:app'],
    ['gunicorn -k uvicorn.workers.UvicornWorker shop.main:app', 'shop.main:app'],
    ['/venv/bin/hypercorn shop:create', 'shop:create'],
    ['uvicorn --factory shop:create', 'shop:create()'],
    ['gunicorn "shop:create()"', 'shop:create()'],
    ['litestar --app shop.main:app run', 'shop.main:app'],
    ['fastapi run shop/main.py', 'shop.main:app by file'],
    ['fastapi run ./main.py', 'main:app by file'],
    ['uvicorn'],
    ['celery -A shop.main:app worker'],
    ['uvicorn shop-main:app'],
    ['uvicorn shop/main.py'],
  ] as const) {
    it(`is that of ${command}`, () => assert.deepEqual(ofCommand(command), expected));
  }
  it('is that of code that starts a server', () => {
    assert.deepEqual(ofCode('uvicorn.run("shop.main:app", port=1)'), [['shop.main:app', 'run.py:2']]);
    assert.deepEqual(ofCode('uvicorn.Config("shop:create", factory=True)'), [['shop:create()', 'run.py:2']]);
    assert.deepEqual(ofCode('uvicorn.run("shop:create", factory=False)'), [['shop:create', 'run.py:2']]);
    for (const code of ['uvicorn.run(app)', 'other.run("a:b")', 'uvicorn.run("no entry")', 'uvicorn.run()'])
      assert.deepEqual(ofCode(code), [], code);
  });
});
