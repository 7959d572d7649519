import assert from 'node:assert/strict';
import { classesFrom, isModule, resolve } from '../../../../src/detect/rules/code/classes.ts';
import { contextFrom } from '../../contextFrom.ts';

const names = (tree: Readonly<Record<string, string>>) =>
  classesFrom(contextFrom(tree), 'BaseSettings')
    .map(({ class: { name } }) => name)
    .sort();

describe('the classes that stand on another', () => {
  it('are found through other modules', () => {
    assert.deepEqual(
      names({
        'a.py': 'from pydantic_settings import BaseSettings\nclass A(BaseSettings):\n    x: int\n',
        'b.py': 'from a import A\nclass B(A):\n    y: int\n',
        'c.py': 'class C:\n    z: int\n',
      }),
      ['A', 'B'],
    );
  });
  it('are none where no class is', () => {
    assert.deepEqual(names({}), []);
    assert.deepEqual(names({ 'a.py': '# class A(BaseSettings)\n' }), []);
  });
  it('are found at once in a file that opens a class on each line', () => {
    const tree = { 'a.py': 'class a(\n'.repeat(55_000) };
    const before = process.cpuUsage().user;
    assert.deepEqual(names(tree), []);
    assert.ok(process.cpuUsage().user - before < 4_000_000);
  });
});

describe('the class that a name means', () => {
  it('is that of its own module, else the imported one', () => {
    const context = contextFrom({
      'a.py': 'class X(BaseSettings): ...\n',
      'b.py': 'class X(BaseSettings): ...\n',
      'c.py': 'from b import X as Y\nclass C(Y, BaseSettings): ...\n',
    });
    const known = classesFrom(context, 'BaseSettings');
    const at = (path: string, name: string) => {
      const module = context.view.python(path);
      assert.ok(module);
      return resolve(known, module, name)?.module.path;
    };
    assert.deepEqual(
      [at('a.py', 'X'), at('b.py', 'X'), at('c.py', 'Y'), at('c.py', 'Z')],
      ['a.py', 'b.py', 'b.py', undefined],
    );
  });
});

describe('a dotted module', () => {
  it('is the end of a path', () => {
    assert.ok(isModule('src/app/core.py', 'app.core'));
    assert.ok(isModule('app/core/__init__.py', '.core'));
    assert.ok(!isModule('myapp/core.py', 'app.core'));
    assert.ok(!isModule('core.py', '..'));
  });
});
