import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contextOf } from '../../../../src/detect/rules/code/context.ts';
import { frontends } from '../../../../src/detect/rules/frontend/frontend.ts';
import { staticFolders, staticNotices } from '../../../../src/detect/rules/frontend/staticFolders.ts';
import { viewOf } from '../../../../src/detect/view.ts';
import { scratch } from '../../../fixture.ts';

type Files = Readonly<Record<string, string>>;

const contextIn = (files: Files, root = '') => {
  const directory = scratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return contextOf(viewOf(directory), root);
};
const look = (files: Files, root = '') => frontends(contextIn(files, root));
const noticesOf = (files: Files): readonly string[] => look(files).notices.map(({ id }) => id);
const only = (files: Files, root = '') => {
  const { frontends: all } = look(files, root);
  assert.equal(all.length, 1, JSON.stringify(all));
  const [first] = all;
  assert.ok(first);
  return first;
};
const packageOf = (dependency: string, more: object = {}, script = 'x build', name = 'build') =>
  JSON.stringify({ scripts: { [name]: script }, dependencies: { [dependency]: '^3.0.0' }, ...more }, undefined, 1);
const viteProject = (config = 'export default {}', more: object = {}): Files => ({
  'web/package.json': packageOf('vite', more, 'vite build'),
  'web/package-lock.json': '{}',
  'web/index.html': '',
  'web/vite.config.ts': config,
});
const outputOf = (config: string): string => only(viteProject(config)).value.output;

describe('frontends: what is one', () => {
  it('tells all of a plain Vite project, each part with where it is said', () => {
    const { value, confidence, evidence } = only(viteProject("export default { build: {\n outDir: 'out' } }"));
    assert.deepEqual(value, {
      folder: 'web',
      lockFolder: 'web',
      lock: 'web/package-lock.json',
      manager: 'npm',
      managerVersion: undefined,
      node: '24',
      framework: 'vite',
      script: 'build',
      output: 'web/out',
      isServedByApp: false,
    });
    assert.equal(confidence, 'certain');
    assert.deepEqual(evidence[0], { file: 'web/package.json', line: 3, says: 'build: vite build' });
    assert.deepEqual(evidence[1], { file: 'web/vite.config.ts', line: 2, says: "outDir: 'out' } }" });
  });
  for (const folder of ['packages/ui', 'docs', 'e2e', 'examples/a', 'apps/web/tests', 'node_modules/x']) {
    it(`not ${folder}`, () => {
      const files = Object.entries(viteProject()).map(([path, text]) => [path.replace('web', folder), text]);
      assert.deepEqual(look(Object.fromEntries(files)), { frontends: [], notices: [] });
    });
  }
  it('not a package without a script that builds, nor one without a known tool', () => {
    assert.deepEqual(look({ 'web/package.json': packageOf('vite', {}, 'vite', 'dev'), 'web/index.html': '' }), {
      frontends: [],
      notices: [],
    });
    assert.deepEqual(look({ 'package.json': packageOf('typescript', {}, 'tsc') }), { frontends: [], notices: [] });
  });
  it('not a library that Vite builds, nor Vite without a page', () => {
    assert.deepEqual(look(viteProject('export default { build: { lib: { entry: "a.ts" } } }')).frontends, []);
    assert.deepEqual(look({ 'web/package.json': packageOf('vite') }).frontends, []);
  });
  it('says that the script of another tool is not run', () => {
    assert.deepEqual(noticesOf({ 'package.json': packageOf('tailwindcss', {}, 'tailwindcss -o a.css') }), [
      'frontend-unknown',
    ]);
  });
  it('survives a broken package.json and a broken config', () => {
    assert.deepEqual(look({ 'package.json': '{' }), { frontends: [], notices: [] });
    assert.equal(outputOf('export default { build: { outDir: '), 'web/dist');
  });
});

describe('frontends: the output', () => {
  for (const [config, output] of [
    ['import x from "x"', 'web/dist'],
    ["export default defineConfig({ build: { outDir: '../static/app' } })", 'static/app'],
    ['export default defineConfig(({ mode }) => ({ build: { outDir: `../static` } }))', 'static'],
    ["export default defineConfig(() => { const a = 1; return { build: { outDir: 'a' } } })", 'web/a'],
    ["const out = 'b'\nexport default { build: { outDir: out } } satisfies UserConfig", 'web/b'],
    ["const outDir = 'c'\nconst config = { build: { outDir } }\nexport default config", 'web/c'],
    ["import path from 'path'\nexport default { build: { outDir: path.resolve(__dirname, '../d') } }", 'd'],
    ["export default { build: { outDir: fileURLToPath(new URL('../e', import.meta.url)) } }", 'e'],
    ["export default { build: { outDir: process.env.OUT || 'f' } }", 'web/f'],
    ["const base = { build: { outDir: 'g' } }\nmodule.exports = { ...base }", 'web/g'],
    // What is commented out, or of another tool, does not count.
    ["export default { // build: { outDir: 'h' }\n test: { build: { outDir: 'i' } } }", 'web/dist'],
    ["export default { build: { /* outDir: 'j' */ outDir: 'k' } }", 'web/k'],
  ] as const) {
    it(`of Vite: ${config.split('\n').at(-1)}`, () => assert.equal(outputOf(config), output));
  }
  it('of Vite counts from its root', () => {
    const files = {
      ...viteProject("export default { root: 'src', build: { outDir: '../out' } }"),
      'web/src/index.html': '',
    };
    assert.equal(only(files).value.output, 'web/out');
  });
  it('of a config that only a run could tell is a guess, with a notice', () => {
    const files = viteProject('export default { build: { outDir: choose() } }');
    assert.equal(only(files).confidence, 'guess');
    assert.deepEqual(noticesOf(files), ['frontend-output']);
  });
  it('on the command line goes before the config', () => {
    const files = { ...viteProject(), 'web/package.json': packageOf('vite', {}, 'vite build --outDir=../public') };
    assert.equal(only(files).value.output, 'public');
  });
  it('that would be among the sources is refused', () => {
    const files = viteProject("export default { build: { outDir: '.' } }");
    assert.deepEqual(look(files).frontends, []);
    assert.deepEqual(noticesOf(files), ['frontend-output']);
  });
  const angular = (build: object) => ({
    'web/package.json': packageOf('@angular/core', {}, 'ng build'),
    'web/angular.json': JSON.stringify({ projects: { shop: { projectType: 'application', architect: { build } } } }),
  });
  for (const [builder, options, output] of [
    ['@angular/build:application', { outputPath: 'dist/shop' }, 'web/dist/shop/browser'],
    ['@angular-devkit/build-angular:application', { outputPath: { base: '../static', browser: '' } }, 'static'],
    ['@angular-devkit/build-angular:browser', { outputPath: 'dist/shop' }, 'web/dist/shop'],
    ['@angular/build:application', {}, 'web/dist/shop/browser'],
  ] as const) {
    it(`of Angular: ${builder} ${JSON.stringify(options)}`, () =>
      assert.equal(only(angular({ builder, options })).value.output, output));
  }
  for (const [name, files, output] of [
    ['Create React App', { 'web/package.json': packageOf('react-scripts') }, 'web/build'],
    [
      'Create React App with BUILD_PATH',
      { 'web/package.json': packageOf('react-scripts', {}, "BUILD_PATH='../out' react-scripts build") },
      'out',
    ],
    ['Nuxt', { 'web/package.json': packageOf('nuxt', {}, 'nuxt generate', 'generate') }, 'web/.output/public'],
    [
      'Nuxt 2',
      {
        'web/package.json': JSON.stringify({ scripts: { generate: 'nuxt generate' }, dependencies: { nuxt: '^2.1' } }),
      },
      'web/dist',
    ],
    ['Astro', { 'web/package.json': packageOf('astro') }, 'web/dist'],
    [
      'SvelteKit',
      {
        'web/package.json': packageOf('@sveltejs/kit'),
        'web/svelte.config.js':
          "import adapter from '@sveltejs/adapter-static';\nexport default { kit: { adapter: adapter({ pages: 'site' }) } };",
      },
      'web/site',
    ],
    [
      'Next.js that exports',
      { 'web/package.json': packageOf('next'), 'web/next.config.mjs': "export default { output: 'export' }" },
      'web/out',
    ],
    [
      'Vue CLI',
      {
        'web/package.json': packageOf('@vue/cli-service'),
        'web/vue.config.js': "module.exports = { outputDir: '../s' }",
      },
      's',
    ],
  ] as const) {
    it(`of ${name}`, () => assert.equal(only(files).value.output, output));
  }
  for (const [name, files] of [
    ['Next.js', { 'web/package.json': packageOf('next') }],
    [
      'Next.js that may export',
      {
        'web/package.json': packageOf('next'),
        'web/next.config.js': "module.exports = { output: x ? 'export' : 'standalone' }",
      },
    ],
    ['Nuxt', { 'web/package.json': packageOf('nuxt', {}, 'nuxt build') }],
    [
      'SvelteKit with adapter-node, which has the other one installed too',
      {
        'web/package.json': packageOf('@sveltejs/kit', { devDependencies: { '@sveltejs/adapter-static': '1' } }),
        'web/svelte.config.js': "import adapter from '@sveltejs/adapter-node'",
      },
    ],
    [
      'Astro',
      { 'web/package.json': packageOf('astro'), 'web/astro.config.mjs': "export default { output: 'server' }" },
    ],
  ] as const) {
    it(`of ${name} needs a server: said, not deployed`, () => {
      const { frontends: all, notices } = look(files);
      assert.deepEqual(all, []);
      assert.equal(notices[0]?.id, 'frontend-server');
      assert.match(notices[0]?.says ?? '', /is not deployed: /);
    });
  }
});

describe('frontends: package manager and Node.js', () => {
  for (const [lock, manager] of [
    ['package-lock.json', 'npm'],
    ['pnpm-lock.yaml', 'pnpm'],
    ['yarn.lock', 'yarn'],
    ['bun.lock', 'bun'],
    ['bun.lockb', 'bun'],
  ] as const) {
    it(`${lock}: ${manager}`, () => {
      const { value } = only({ 'web/package.json': packageOf('vite'), 'web/index.html': '', [`web/${lock}`]: '' });
      assert.deepEqual([value.manager, value.lock, value.lockFolder], [manager, `web/${lock}`, 'web']);
    });
  }
  const bare = { 'web/package.json': packageOf('vite'), 'web/index.html': '' };
  it('takes a lock above only from the workspace that it is a member of', () => {
    const member = only({ ...bare, 'pnpm-workspace.yaml': 'packages:\n  - "web"\n', 'pnpm-lock.yaml': '' }).value;
    assert.deepEqual([member.manager, member.lockFolder], ['pnpm', '']);
    const npm = only({ ...bare, 'package.json': '{"workspaces":["w*"]}', 'package-lock.json': '{}' }).value;
    assert.deepEqual([npm.lock, npm.lockFolder], ['package-lock.json', '']);
    const stranger = { ...bare, 'package.json': '{"devDependencies":{"husky":"9"}}', 'package-lock.json': '{}' };
    assert.equal(only(stranger).value.lock, undefined);
    assert.deepEqual(noticesOf(stranger), ['frontend-no-lock']);
  });
  it('takes packageManager with its version, before a lock of another', () => {
    const files = viteProject('', { packageManager: 'pnpm@9.12.0+sha512.abc' });
    const { value } = only(files);
    assert.deepEqual([value.manager, value.managerVersion, value.lock], ['pnpm', '9.12.0', undefined]);
    assert.deepEqual(noticesOf(files), ['frontend-locks', 'frontend-no-lock']);
  });
  it('takes of several locks the one that the Dockerfile uses, and says so', () => {
    const files = { ...viteProject(), 'web/yarn.lock': '', 'web/Dockerfile': 'FROM node:24\nRUN yarn install\n' };
    assert.equal(only(files).value.manager, 'yarn');
    assert.deepEqual(noticesOf(files), ['frontend-locks']);
  });
  it('does not call the two locks of Bun several managers’', () => {
    const files = { ...bare, 'web/bun.lock': '', 'web/bun.lockb': '' };
    assert.equal(only(files).value.manager, 'bun');
  });
  for (const [name, files, node] of [
    ['.nvmrc', { '.nvmrc': 'v22.11.0\n' }, '22'],
    ['a name of an LTS', { 'web/.nvmrc': 'lts/jod' }, '22'],
    ['lts/* is the current one', { 'web/.nvmrc': 'lts/*' }, '24'],
    ['.node-version before the Dockerfile', { 'web/.node-version': '26.1', Dockerfile: 'FROM node:22' }, '26'],
    ['the Dockerfile, with ARG', { 'web/Dockerfile': 'ARG V=22\nFROM node:${V}-alpine AS build' }, '22'],
    ['not a Dockerfile of Python', { Dockerfile: 'FROM python:3.12' }, '24'],
  ] as const) {
    it(`Node.js from ${name}`, () => assert.equal(only({ ...viteProject(), ...files }).value.node, node));
  }
  for (const [range, node] of [
    ['>=18', '24'],
    ['^22.1.0', '22'],
    ['>=20 <23', '22'],
    ['22.x', '22'],
    ['18 || 22', '22'],
    ['20 - 22', '22'],
    ['>=25', '26'],
  ] as const) {
    it(`Node.js for engines ${range}`, () =>
      assert.equal(only(viteProject('', { engines: { node: range } })).value.node, node));
  }
  it('takes the Dockerfile within engines, not one that engines excludes', () => {
    const files = viteProject('', { engines: { node: '>=22' } });
    assert.equal(only({ ...files, Dockerfile: 'FROM node:26' }).value.node, '26');
    assert.equal(only({ ...files, Dockerfile: 'FROM node:20' }).value.node, '24');
  });
  it('keeps an old Node.js and says so', () => {
    const files = { ...viteProject(), '.nvmrc': '16' };
    assert.equal(only(files).value.node, '16');
    assert.deepEqual(noticesOf(files), ['frontend-node-old']);
  });
});

describe('frontends: served by the app', () => {
  const app = (code: string): Files => ({ 'app/main.py': code });
  const served = (code: string, config = 'export default {}') =>
    only({ ...viteProject(config), ...app(code) }).value.isServedByApp;
  for (const code of [
    'app.mount("/", StaticFiles(directory="web/dist", html=True))',
    'ROOT = Path(__file__).resolve().parent.parent\napp.mount("/a", StaticFiles(directory=ROOT / "web" / "dist" / "assets"))',
    'templates = Jinja2Templates(directory=os.path.join(os.path.dirname(__file__), "..", "web", "dist"))',
    'D = os.getenv("D", "web/dist")\n@app.get("/")\ndef home():\n    return FileResponse(f"{D}/index.html")',
  ]) {
    it(code.split('\n').at(-1) ?? '', () => assert.equal(served(code), true));
  }
  it('not where it serves something else', () => {
    assert.equal(served('app.mount("/", StaticFiles(directory="web/other"))'), false);
    assert.equal(served('app.mount("/", StaticFiles(directory="/srv/web/dist"))'), false);
    assert.equal(served('# StaticFiles(directory="web/dist")'), false);
  });
  it('where the output is in the Python tree', () => {
    assert.equal(served('', "export default { build: { outDir: '../app/static' } }"), true);
    assert.equal(served('', "export default { build: { outDir: '../public' } }"), false);
  });
  it('where package.json is beside the app, only for an output in the package', () => {
    const files = (outDir: string) => ({
      'package.json': packageOf('vite'),
      'index.html': '',
      'vite.config.js': `export default { build: { outDir: '${outDir}' } }`,
      'main.py': '',
      'app/main.py': '',
    });
    assert.equal(only(files('app/static')).value.isServedByApp, true);
    assert.equal(only(files('dist')).value.isServedByApp, false);
  });
  it('says that a Dockerfile copies the output', () => {
    const files = { ...viteProject(), Dockerfile: 'FROM python:3.12\nCOPY --from=web /web/dist /app/static\n' };
    assert.ok(noticesOf(files).includes('frontend-copied'));
  });
});

describe('staticFolders', () => {
  const folders = (files: Files, root = '') => staticFolders(contextIn(files, root)).map(({ value }) => value);
  const mount = (directory: string) => `app.mount("/static", StaticFiles(directory=${directory}), name="static")`;
  it('takes a folder from where the app is run', () => {
    const [finding] = staticFolders(contextIn({ 'main.py': `\n${mount('"static"')}`, 'static/a.css': '' }));
    assert.deepEqual(finding, {
      value: { folder: 'static', path: '/static' },
      confidence: 'certain',
      evidence: [{ file: 'main.py', line: 2, says: mount('"static"') }],
    });
  });
  it('finds a relative one beside the module, or in the folder of the app', () => {
    assert.deepEqual(folders({ 'src/app/main.py': mount('"static"'), 'src/static/a': '' }), [
      { folder: 'src/static', path: '/static' },
    ]);
    assert.deepEqual(folders({ 'api/main.py': mount('"static"'), 'api/static/a': '', 'static/b': '' }, 'api'), [
      { folder: 'api/static', path: '/static' },
    ]);
  });
  for (const [code, folder] of [
    [mount('Path(__file__).parent / "static"'), 'app/static'],
    [mount('Path(__file__).resolve().parents[1] / "assets"'), 'assets'],
    [mount('os.path.join(os.path.dirname(os.path.abspath(__file__)), "s")'), 'app/s'],
    [`BASE = Path(__file__).parent\n${mount('str(BASE / "static")')}`, 'app/static'],
    [`from app.config import settings\n${mount('settings.STATIC')}`, 'media'],
    [`files = StaticFiles(directory="app/files")\napp.mount("/static", files)`, 'app/files'],
  ] as const) {
    it(code.split('\n').at(-1) ?? '', () => {
      const config = 'class Settings:\n    STATIC: str = "media"\nsettings = Settings()\n';
      assert.deepEqual(folders({ 'app/main.py': code, 'app/config.py': config }), [{ folder, path: '/static' }]);
    });
  }
  it('of Starlette’s Mount and of Litestar', () => {
    const code = `routes = [Mount("/a", app=StaticFiles(directory="one"))]
r = create_static_files_router(path="/b", directories=["two", "three"])`;
    assert.deepEqual(folders({ 'main.py': code }), [
      { folder: 'one', path: '/a' },
      { folder: 'two', path: '/b' },
      { folder: 'three', path: '/b' },
    ]);
  });
  it('not absolute ones, nor an empty name, nor other mounts, nor tests', () => {
    const code = `${mount('"/var/www"')}\n${mount('os.getenv("S", "")')}\n${mount('"."')}\napp.mount("/api", api)`;
    assert.deepEqual(folders({ 'main.py': code, 'app/main.py': code, 'tests/app.py': mount('"x"') }), []);
  });
  it('says that a folder is missing, unless the build of a frontend makes it', () => {
    const context = contextIn({ 'main.py': `${mount('"media"')}\n${mount('"web/dist"')}` });
    const [notice, ...others] = staticNotices(context.view, staticFolders(context), ['web/dist']);
    assert.deepEqual([notice?.id, others], ['static-missing', []]);
    assert.match(notice?.says ?? '', /media/);
  });
  it('ends at names that name each other', () => {
    assert.deepEqual(folders({ 'main.py': `A = B / "x"\nB = A / "y"\n${mount('A')}` }), []);
  });
});
