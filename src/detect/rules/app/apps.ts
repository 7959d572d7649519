import { isManifest } from '../../manifests.ts';
import { type App, type Finding, type Framework, found } from '../../model.ts';
import { evidenceAt, folderOf, joinPath, nameOf } from '../../read/paths.ts';
import type { View } from '../../view.ts';
import { type Dependency, dependenciesOf } from '../code/dependencies.ts';

// The first that is declared is the app's: FastAPI and Litestar bring Starlette's or others' parts along.
const frameworks: readonly (readonly [Framework, readonly string[]])[] = [
  ['fastapi', ['fastapi', 'fastapi-slim']],
  ['litestar', ['litestar']],
  ['quart', ['quart']],
  ['starlette', ['starlette']],
  ['django', ['django']],
  ['flask', ['flask']],
  ['other-wsgi', ['bottle', 'falcon', 'pyramid', 'cherrypy', 'web2py', 'tornado', 'aiohttp', 'sanic']],
];
const asgi: ReadonlySet<Framework> = new Set<Framework>(['fastapi', 'litestar', 'quart', 'starlette']);
export const isAsgi = (framework: Framework): boolean => asgi.has(framework);

const notAnApp =
  /(?:^|\/)(?:node_modules|\.venv|tests?|docs?|examples?|samples?|sdks?|lambdas?|e2e|\.devcontainer|\.github|archive|benchmarks?|templates?|cookiecutter[^/]*)(?:\/|$)/;

// requirements/base.txt belongs to the folder above it.
const rootsOf = (view: View): readonly string[] => {
  const roots = new Set<string>();
  for (const path of view.files) {
    const folder = folderOf(path);
    if (isManifest(nameOf(path))) roots.add(folder);
    if (nameOf(folder) === 'requirements' && /\.(?:txt|in)$/.test(path)) roots.add(folderOf(folder));
  }
  return [...roots].filter((folder) => !notAnApp.test(folder)).sort((one, other) => depth(one) - depth(other));
};
const depth = (folder: string): number => (folder === '' ? 0 : folder.split('/').length);

const installed = ({ group }: Dependency): boolean => !/^group:(?:dev|test|docs|lint)/.test(group);

const frameworkOf = (view: View, root: string): Finding<App> | undefined => {
  const dependencies = dependenciesOf(view, root).filter(installed);
  for (const [framework, packages] of frameworks) {
    const dependency = dependencies.find(({ name }) => packages.includes(name));
    if (dependency !== undefined) return found({ root, framework }, 'certain', dependency.evidence);
  }
  return undefined;
};

// Without a manifest that names it, the code may still import it: setup.py, conda, a vendored list.
const byImport = (view: View): Finding<App> | undefined => {
  for (const path of view.files) {
    if (!path.endsWith('.py') || notAnApp.test(folderOf(path))) continue;
    const text = view.read(path) ?? '';
    if (!/fastapi|litestar|quart|starlette|django|flask/.test(text)) continue;
    const modules = (view.python(path)?.imports ?? []).map(({ module, name, line }) => ({
      top: (module || name || '').split('.')[0] ?? '',
      line,
    }));
    for (const [framework, packages] of frameworks) {
      const hit = modules.find(({ top }) => packages.includes(top));
      if (hit) return found({ root: '', framework }, 'likely', evidenceAt(path, hit.line, `imports ${hit.top}`));
    }
  }
  return undefined;
};

/** The apps of a project, ASGI ones first, then those near the root. A member of a workspace counts, its empty root does not. */
export const appsOf = (view: View): readonly Finding<App>[] => {
  const declared = rootsOf(view).flatMap((root) => frameworkOf(view, root) ?? []);
  const apps = declared.length > 0 ? declared : [byImport(view) ?? []].flat();
  return [...apps].sort(
    (one, other) =>
      Number(isAsgi(other.value.framework)) - Number(isAsgi(one.value.framework)) ||
      depth(one.value.root) - depth(other.value.root),
  );
};

/** Of a folder that the user named, whatever its manifests say. */
export const appAt = (view: View, root: string): Finding<App> =>
  frameworkOf(view, root) ??
  found({ root, framework: 'starlette' }, 'guess', evidenceAt(joinPath(root) || '.', undefined, 'named by you'));
