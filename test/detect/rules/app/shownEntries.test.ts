import assert from 'node:assert/strict';
import type { Framework } from '../../../../src/detect/model.ts';
import { shownEntries } from '../../../../src/detect/rules/app/shownEntries.ts';
import { contextFrom } from '../../contextFrom.ts';

const shown = (tree: Readonly<Record<string, string>>, framework: Framework = 'fastapi') =>
  shownEntries(contextFrom(tree), framework).map(
    ({ python, attribute, isFactory, line }) => `${python.path}:${line} ${attribute}${isFactory ? '()' : ''}`,
  );
const inMain = (...lines: readonly string[]) => shown({ 'main.py': `${lines.join('\n')}\n` });

describe('an app that the code makes', () => {
  it('is a name at the top of a module', () => {
    assert.deepEqual(inMain('app = FastAPI()'), ['main.py:1 app']);
    assert.deepEqual(inMain('app: FastAPI = fastapi.FastAPI(title="x")'), ['main.py:1 app']);
    assert.deepEqual(inMain('def f():', '    app = FastAPI()'), []);
    assert.deepEqual(inMain('a.b = FastAPI()', 'x = [FastAPI()]'), []);
    assert.deepEqual(inMain('app = Flask("FastAPI()")'), []);
  });
  it('may have a middleware around it', () =>
    assert.deepEqual(inMain('app = CORSMiddleware(app=FastAPI(), x=1)'), ['main.py:1 app']));
  it('is made by a function of its own, or of another module by its name', () => {
    assert.deepEqual(inMain('def make_it() -> FastAPI: ...', 'app = make_it()'), [
      'main.py:2 app',
      'main.py:1 make_it()',
    ]);
    assert.deepEqual(inMain('from x import create_app', 'app = create_app()'), ['main.py:2 app']);
    assert.deepEqual(inMain('from x import other', 'app = other()', '# FastAPI()'), []);
  });
  it('is a function that gives one, if nothing must be given to it', () => {
    assert.deepEqual(inMain('def build_app():', '    return FastAPI()'), ['main.py:1 build_app()']);
    assert.deepEqual(inMain('def build_app(x=1):', '    return FastAPI()'), ['main.py:1 build_app()']);
    assert.deepEqual(inMain('def build_app(x):', '    return FastAPI()'), []);
    assert.deepEqual(inMain('def build():', '    return FastAPI()'), []);
    assert.deepEqual(inMain('@fixture', 'def app() -> FastAPI:', '    return FastAPI()'), []);
    assert.deepEqual(inMain('class A:', '    def app(self=1) -> FastAPI: ...'), []);
  });
  it('is of the framework that the app has', () => {
    assert.deepEqual(shown({ 'main.py': 'app = Litestar()\n' }, 'litestar'), ['main.py:1 app']);
    assert.deepEqual(shown({ 'main.py': 'app = Litestar()\n' }, 'fastapi'), []);
    assert.deepEqual(shown({ 'main.py': 'app = Flask()\n' }, 'flask'), []);
  });
  it('comes first where its name, its file and its place are those of an app', () => {
    const app = 'app = FastAPI()\n';
    assert.deepEqual(shown({ 'a/b/main.py': app, 'main.py': app, 'other.py': app }), [
      'main.py:1 app',
      'a/b/main.py:1 app',
      'other.py:1 app',
    ]);
    assert.deepEqual(inMain('api = FastAPI()', 'app = FastAPI()', 'def create_app() -> FastAPI: ...'), [
      'main.py:2 app',
      'main.py:1 api',
      'main.py:3 create_app()',
    ]);
  });
});
