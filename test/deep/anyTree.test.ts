import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { detect } from '../../src/detect/runtimes.ts';
import { bounds, viewOf } from '../../src/detect/view.ts';
import { scratch } from '../fixture.ts';
import { give, someone } from '../unprivileged.ts';

/** Everything in a tree, with what is in it and when it changed; no link is followed. */
const pictureOf = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const { mode, mtimeMs } = lstatSync(path);
    const content = entry.isSymbolicLink() ? readlinkSync(path) : entry.isFile() ? readFileSync(path, 'latin1') : '';
    return [`${path} ${mode} ${mtimeMs} ${content}`, ...(entry.isDirectory() ? pictureOf(path) : [])];
  });

const names = fc.constantFrom(
  ...'app src backend main.py app.py __init__.py settings.py pyproject.toml requirements.txt uv.lock poetry.lock Pipfile alembic.ini env.py Dockerfile docker-compose.yml Procfile Makefile run.sh package.json vite.config.ts .env .env.example .python-version setup.py'.split(
    ' ',
  ),
);
const scraps = fc.constantFrom(
  'from fastapi import FastAPI, APIRouter\n',
  'app = FastAPI()\n',
  'router = APIRouter(prefix="/a")\nrouter.include_router(router)\napp.include_router(router, prefix=PREFIX)\n',
  'PREFIX = PREFIX + OTHER\nOTHER = PREFIX\n',
  '@router.get("/health")\nasync def health(): ...\n',
  'class S(BaseSettings):\n    A: str\n    B: str = Field(alias="C")\n    class Config:\n        env_prefix = "X_"\n',
  'class A(B): ...\nclass B(A): ...\n',
  'from . import main\nfrom .main import *\nfrom app.main import app as app\nimport app\n',
  'import os\nx = os.environ["DATABASE_URL"]\nengine = create_async_engine(x)\n',
  'celery = Celery(broker=os.getenv("BROKER"))\nasync def f():\n    while True:\n        pass\n',
  `x = ${'('.repeat(4000)}\n`,
  `x = ${'f('.repeat(2000)}\n`,
  'def f(:\n  """\n',
  '[project]\nname = "x"\ndependencies = ["fastapi", "uvicorn", "asyncpg"]\n[tool.uv.workspace]\nmembers = ["*", "**/**"]\n',
  '-r requirements.txt\n-r ../../../../outside/requirements.txt\nfastapi\npsycopg2\n',
  'a: &a [*a]\nservices:\n  x: {command: "uvicorn app.main:app --port ${PORT:-${X}}"}\n',
  'FROM python:${V}\nARG V=${V}\nCMD ["uvicorn", "app.main:app"]\nEXPOSE ${P}\n',
  '[alembic]\nscript_location = %(here)s/../../outside\n',
  '{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "1"}, "workspaces": ["*"]}',
  'export default defineConfig({ build: { outDir: "../../outside" } })\n',
  'web: uvicorn app.main:app `touch ran` $(touch ran)\n',
  '\u0000\uffff\ufeff',
);
const path = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const file = fc.tuple(
  path,
  fc.array(scraps, { maxLength: 6 }).map((parts) => parts.join('')),
);
const link = fc.tuple(
  path,
  fc.constantFrom('.', '..', '../outside', '/', 'app', '../outside/main.py', 'nothing', '/dev/zero', '/etc/passwd'),
);

const isLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

// Never through a link: one that leads out would have this write there.
const put = (root: string, at: string, make: (whole: string) => void): void => {
  const parts = at.split('/');
  try {
    if (parts.some((_, index) => isLink(join(root, ...parts.slice(0, index))))) return;
    mkdirSync(dirname(join(root, at)), { recursive: true });
    make(join(root, at));
  } catch {
    // A file where this needs a folder, or the other way round: another tree then.
  }
};

describe('detection of any tree', () => {
  it('ends, finds nothing outside, writes nothing and runs nothing', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.array(file, { maxLength: 14 }), fc.array(link, { maxLength: 4 }), (files, links) => {
        const around = scratch();
        const root = join(around, 'root');
        mkdirSync(join(around, 'outside'));
        mkdirSync(root);
        writeFileSync(join(around, 'outside/main.py'), 'from fastapi import FastAPI\nfound_outside = FastAPI()\n');
        writeFileSync(join(around, 'outside/requirements.txt'), 'fastapi\nfound-outside\n');
        for (const [at, text] of files) put(root, at, (whole) => writeFileSync(whole, text));
        for (const [at, to] of links) put(root, at, (whole) => symlinkSync(to, whole));
        assert.deepEqual(readdirSync(join(around, 'outside')), ['main.py', 'requirements.txt']);
        const before = pictureOf(around);
        const view = viewOf(root);
        const detection = detect(view);
        if (detection !== undefined) seen += 1;
        assert.ok(view.reads() <= bounds.reads);
        assert.doesNotMatch(JSON.stringify(detection ?? null), /found.outside|root:x:0/);
        assert.deepEqual(pictureOf(around), before);
      }),
      { numRuns: 150, examples: [[[], [['app', '../outside'] as const, ['app/package.json', '/dev/zero'] as const]]] },
    );
    assert.ok(seen > 50, `only ${seen} of the trees were a project`);
  });

  it('reads no named pipe, no device, and no link that leads out', () => {
    const root = scratch();
    execFileSync('mkfifo', [join(root, 'main.py')]);
    symlinkSync('/dev/zero', join(root, 'pyproject.toml'));
    symlinkSync('/etc/passwd', join(root, 'requirements.txt'));
    symlinkSync('.', join(root, 'loop'));
    writeFileSync(join(root, 'real.py'), 'x = 1\n');
    symlinkSync('real.py', join(root, 'inside.py'));
    const view = viewOf(root);
    for (const name of ['main.py', 'pyproject.toml', 'requirements.txt'])
      assert.equal(view.read(name), undefined, name);
    assert.equal(view.read('inside.py'), 'x = 1\n');
    assert.equal(view.isFolder('loop'), false);
    assert.equal(detect(view)?.refusals[0]?.id, 'not-web');
  });

  it('says what it could not read', () => {
    const root = scratch();
    mkdirSync(join(root, 'closed'));
    writeFileSync(join(root, 'closed/main.py'), '');
    writeFileSync(join(root, 'main.py'), '');
    for (const path of ['closed/main.py', 'main.py', '.']) give(join(root, path));
    // Not theirs, and closed to others.
    chmodSync(join(root, 'closed'), 0o700);
    if (process.getuid?.() !== 0) chmodSync(join(root, 'closed'), 0);
    const module = new URL('../../src/detect/view.js', import.meta.url).href;
    const script = `import(${JSON.stringify(module)}).then(({ viewOf }) => console.log(JSON.stringify(viewOf(process.argv[1]).gaps())))`;
    const said = execFileSync(process.execPath, ['-e', script, root], { ...someone, encoding: 'utf8', cwd: '/' });
    chmodSync(join(root, 'closed'), 0o755);
    assert.deepEqual(JSON.parse(said), [{ path: 'closed', why: 'this folder cannot be read' }]);
  });

  it('stops at its bounds in a tree that is larger', () => {
    const root = scratch();
    writeFileSync(join(root, 'requirements.txt'), 'fastapi\nuvicorn\nasyncpg\n');
    writeFileSync(join(root, 'main.py'), 'from fastapi import FastAPI\napp = FastAPI()\n');
    for (let folder = 0; folder < 25; folder += 1) {
      mkdirSync(join(root, `part${folder}`));
      for (let index = 0; index < 100; index += 1) {
        writeFileSync(join(root, `part${folder}`, `module${index}.py`), `value = ${index}\n`);
      }
    }
    const view = viewOf(root);
    const detection = detect(view);
    assert.equal(detection?.entry?.value.entry, 'main:app');
    assert.ok(view.reads() <= bounds.reads, String(view.reads()));
    assert.ok(detection.gaps.some(({ why }) => why.startsWith(`more than ${bounds.reads} files`)));
  });
});
