import assert from 'node:assert/strict';
import { fileOfModule, moduleFile, moduleOf } from '../../../../src/detect/rules/code/modulePaths.ts';
import { contextFrom } from '../../contextFrom.ts';

const { view } = contextFrom({
  'src/shop/__init__.py': '',
  'src/shop/main.py': '',
  'src/shop/db/__init__.py': '',
  'src/shop/db/redis.py': '',
  'redis.py': '',
});

describe('the name of a module', () => {
  it('counts from the folder on PYTHONPATH', () => {
    assert.equal(moduleOf('src/shop/main.py', 'src'), 'shop.main');
    assert.equal(moduleOf('src/shop/__init__.py', 'src'), 'shop');
    assert.equal(moduleOf('main.py', ''), 'main');
  });
  it('is none of a file that Python cannot import by it', () => {
    assert.equal(moduleOf('main.py', 'src'), undefined);
    assert.equal(moduleOf('src/my-shop/main.py', 'src'), undefined);
    assert.equal(moduleOf('src/0/main.py', 'src'), undefined);
    assert.equal(moduleOf('src/main.txt', 'src'), undefined);
    assert.equal(moduleOf('__init__.py', ''), undefined);
  });
});

describe('the file of a module', () => {
  it('is a module or a package', () => {
    assert.equal(moduleFile(view, 'src', 'shop.main'), 'src/shop/main.py');
    assert.equal(moduleFile(view, 'src', 'shop.db'), 'src/shop/db/__init__.py');
    assert.equal(moduleFile(view, '', 'shop'), undefined);
  });
  it('that is imported relatively counts from the importer', () => {
    assert.equal(fileOfModule(view, 'src/shop/main.py', '.db', undefined), 'src/shop/db/__init__.py');
    assert.equal(fileOfModule(view, 'src/shop/db/redis.py', '..main', undefined), 'src/shop/main.py');
    assert.equal(fileOfModule(view, 'src/shop/db/redis.py', '.', undefined), 'src/shop/db/__init__.py');
    assert.equal(fileOfModule(view, 'src/shop/main.py', '......', undefined), undefined);
  });
  it('is found on PYTHONPATH, else the nearest above', () => {
    assert.equal(fileOfModule(view, 'src/shop/main.py', 'shop.db', 'src'), 'src/shop/db/__init__.py');
    assert.equal(fileOfModule(view, 'src/shop/main.py', 'shop.db', undefined), 'src/shop/db/__init__.py');
    assert.equal(fileOfModule(view, 'src/shop/main.py', 'absent', undefined), undefined);
  });
  it('is not the importer itself', () => {
    assert.equal(fileOfModule(view, 'src/shop/db/redis.py', 'redis', undefined), 'redis.py');
    assert.equal(fileOfModule(view, 'redis.py', 'redis', undefined), undefined);
  });
});
