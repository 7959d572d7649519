import assert from 'node:assert/strict';
import { entryOf, givenEntry } from '../../../../src/detect/rules/app/entry.ts';
import { contextFrom } from '../../contextFrom.ts';

const app = 'from fastapi import FastAPI\napp = FastAPI()\n';
const factory = 'from fastapi import FastAPI\ndef create_app() -> FastAPI:\n    return FastAPI()\n';
const look = (tree: Readonly<Record<string, string>>, root = '') => {
  const { entry, notices } = entryOf(contextFrom(tree, root), 'fastapi');
  const { value, confidence } = entry ?? {};
  return [
    `${value?.entry}${value?.isFactory ? '()' : ''}`,
    value?.pathRoot,
    confidence,
    ...notices.map(({ id }) => id),
  ];
};

describe('the entry of an app', () => {
  it('is the one that is written down and there', () => {
    const tree = { 'shop/__init__.py': '', 'shop/main.py': app, 'shop/other.py': app };
    assert.deepEqual(look({ ...tree, Procfile: 'web: uvicorn shop.other:app\n' }), ['shop.other:app', '', 'certain']);
    assert.deepEqual(look({ ...tree, 'pyproject.toml': '[tool.fastapi]\nentrypoint = "shop.other:app"\n' }), [
      'shop.other:app',
      '',
      'certain',
    ]);
    assert.deepEqual(look({ ...tree, 'run.py': 'import uvicorn\nuvicorn.run("shop.other:app", port=1)\n' }), [
      'shop.other:app',
      '',
      'certain',
    ]);
    assert.deepEqual(look({ ...tree, Procfile: 'web: fastapi run shop/other.py\n' }), [
      'shop.other:app',
      '',
      'certain',
    ]);
  });
  it('is not one that is gone: the code decides, and says where it has several', () => {
    assert.deepEqual(look({ 'main.py': app, Procfile: 'web: uvicorn gone:app\n' }), ['main:app', '', 'likely']);
    assert.deepEqual(look({ 'main.py': app, 'a/main.py': app }), ['main:app', '', 'guess', 'several-entries']);
  });
  it('may be a factory, if nothing must be given to it', () => {
    assert.deepEqual(look({ 'main.py': factory }), ['main:create_app()', '', 'likely']);
    assert.deepEqual(look({ 'main.py': `${factory}app = create_app()\n` }), ['main:app', '', 'likely']);
    assert.deepEqual(look({ 'main.py': factory.replace('()', '(settings)') }), ['undefined', undefined, undefined]);
    assert.deepEqual(look({ 'main.py': factory, Procfile: 'web: uvicorn --factory main:create_app\n' }), [
      'main:create_app()',
      '',
      'certain',
    ]);
  });
  it('counts from the folder that its imports are found from', () => {
    const tree = {
      'src/shop/__init__.py': '',
      'src/shop/core.py': '',
      'src/shop/main.py': `from shop import core\n${app}`,
    };
    assert.deepEqual(look(tree), ['shop.main:app', 'src', 'likely']);
  });
  it('is none of nothing, of broken code, and of names that are none', () => {
    for (const tree of [
      {},
      { 'main.py': '' },
      { 'main.py': 'app = FastAPI('.repeat(100).replaceAll('app', '1') },
      { 'main.py': 'x = 1\n', Procfile: 'web: uvicorn main:app\nweb: uvicorn ../etc:app\nweb: uvicorn :\n' },
    ])
      assert.deepEqual(look(tree), ['undefined', undefined, undefined]);
  });
});

describe('the entry that the user names', () => {
  const context = contextFrom({ 'shop/__init__.py': '', 'shop/main.py': `${app}${factory}` });
  it('is found by its module', () => {
    assert.deepEqual(givenEntry(context, 'shop.main:app')?.value, {
      entry: 'shop.main:app',
      isFactory: false,
      file: 'shop/main.py',
      pathRoot: '',
    });
    assert.equal(givenEntry(context, 'main:app')?.value.pathRoot, 'shop');
  });
  it('is a factory where () or the code says so', () => {
    assert.equal(givenEntry(context, 'shop.main:app()')?.value.isFactory, true);
    assert.equal(givenEntry(context, 'shop.main:create_app')?.value.isFactory, true);
  });
  it('is none without such a module', () => {
    for (const told of ['gone:app', '', ':', '../x:app']) assert.equal(givenEntry(context, told), undefined, told);
  });
});
