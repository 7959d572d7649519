import type { Entry } from '../../model.ts';
import { type Evidence, type Finding, found, type Migrations } from '../../model.ts';
import { evidenceAt, isBelow, joinPath, nameOf, normalisePath } from '../../read/paths.ts';
import type { View } from '../../view.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';

const never =
  /(?:^|\/)(?:tests?|docs?|\.env[^/]*|node_modules|\.git|\.venv|Dockerfile[^/]*|docker-compose[^/]*|[^/]*\.(?:pem|key|p12|pfx|crt|sqlite3?|db))(?:\/|$)/;

/** What stands beside each other on PYTHONPATH: modules and folders that hold Python. */
const topLevel = (view: View, pathRoot: string): ReadonlyMap<string, string> => {
  const tops = new Map<string, string>();
  for (const path of view.files) {
    if (!path.endsWith('.py') || !isBelow(path, pathRoot)) continue;
    const [first = '', ...rest] = (pathRoot === '' ? path : path.slice(pathRoot.length + 1)).split('/');
    const name = rest.length === 0 ? first.slice(0, -3) : first;
    if (!never.test(first)) tops.set(name, joinPath(pathRoot, first));
  }
  return tops;
};

// What a module must be read for: that it names another one. What it imports decides the parser.
const importedTops = (
  context: Context,
  path: string,
  tops: ReadonlyMap<string, string>,
): readonly { top: string; line: number; file: string }[] => {
  const { view } = context;
  const names = (text: string) => [...text.matchAll(/\b(?:from|import)\s+(\w+)/g)].map(([, name = '']) => name);
  const isOther = (name: string) => tops.has(name) && tops.get(name) !== path;
  const files = path.endsWith('.py') ? [path] : context.python.filter((file) => isBelow(file, path));
  return files.flatMap((file) => {
    // As a filter; what is imported, the parser says.
    if (!names(view.read(file) ?? '').some(isOther)) return [];
    return (view.python(file)?.imports ?? []).flatMap(({ module, name, line }) => {
      const top = (module || name || '').split('.')[0] ?? '';
      return tops.has(top) && !module.startsWith('.') ? [{ top, line, file }] : [];
    });
  });
};

const readers =
  /(?:^|\.)(?:open|Path|StaticFiles|Jinja2Templates|FileSystemLoader|Environment|fileConfig|read_text|read_bytes|joinpath|join|load|safe_load|JinjaTemplates|TemplateConfig|create_static_files_router)$/;

// What stands beside the packages, as code would quote it: only modules that do are parsed.
const besides = ({ view, root }: Context): readonly string[] =>
  view
    .names(root)
    .filter((name) => !name.endsWith('.py') && !never.test(name))
    .flatMap((name) => [`"${name}`, `'${name}`]);

/** Files and folders beside the packages that the code opens by a path. */
const opened = (context: Context, entry: string): readonly Finding<string>[] => {
  const { view, root } = context;
  return modulesWith(context, ...besides(context)).flatMap((python) =>
    python.calls.flatMap(({ callee, args, line }) => {
      if (!readers.test(callee)) return [];
      return args.flatMap(({ value }) => {
        if (value.kind !== 'string' || value.value.startsWith('/') || value.value.length < 3) return [];
        const path = normalisePath(joinPath(root, value.value));
        if (path === '' || path === root || path.endsWith('.py') || never.test(path) || isBelow(entry, path)) return [];
        return view.has(path) || view.isFolder(path) ? [found(path, 'likely', quoted(view, python.path, line))] : [];
      });
    }),
  );
};

// A folder that is copied brings what is in it.
const withoutInner = (paths: readonly Finding<string>[]): readonly Finding<string>[] => {
  const kept: Finding<string>[] = [];
  for (const path of [...paths].sort((one, other) => one.value.length - other.value.length)) {
    if (!kept.some(({ value }) => value === path.value || isBelow(path.value, value))) kept.push(path);
  }
  return kept;
};

/**
 * What the image must hold for the app to run, from the root of the project: the package of the entry, what it imports beside it,
 * what it opens, the migrations. `modules`: other modules that something starts, such as a worker's.
 */
export const copies = (
  context: Context,
  { pathRoot, file }: Pick<Entry, 'pathRoot' | 'file'>,
  migrations: Migrations | undefined,
  modules: readonly string[] = [],
): readonly Finding<string>[] => {
  const { view, root } = context;
  const tops = topLevel(view, pathRoot);
  const topOf = (path: string) => {
    const [first = ''] = (pathRoot === '' ? path : path.slice(pathRoot.length + 1)).split('/');
    return first.endsWith('.py') ? first.slice(0, -3) : first;
  };
  const wanted = new Map<string, Evidence>([[topOf(file), evidenceAt(file, undefined, 'the entry')]]);
  for (const module of modules) {
    const top = module.split('.')[0] ?? '';
    if (tops.has(top) && !wanted.has(top)) wanted.set(top, evidenceAt(tops.get(top) ?? '', undefined, 'a worker'));
  }
  const migrationFile = migrations === undefined ? undefined : joinPath(migrations.location, 'env.py');
  const follow = (path: string) => {
    for (const { top, line, file: from } of importedTops(context, path, tops)) {
      if (!wanted.has(top)) wanted.set(top, evidenceAt(from, line, `imports ${top}`));
    }
  };
  // The map grows while it is walked.
  for (const top of wanted.keys()) follow(tops.get(top) ?? '');
  if (migrationFile !== undefined && view.has(migrationFile)) {
    const before = wanted.size;
    follow(migrationFile);
    for (const top of [...wanted.keys()].slice(before)) follow(tops.get(top) ?? '');
  }
  const custom = ['templates', 'static']
    .map((name) => joinPath(root, name))
    .filter((path) => view.isFolder(path))
    .map((path) => found(path, 'guess', evidenceAt(path, undefined, `a folder ${nameOf(path)}`)));
  const ofMigrations =
    migrations === undefined
      ? []
      : [migrations.ini, migrations.location]
          .filter((path) => view.has(path) || view.isFolder(path))
          .map((path) => found(path, 'certain', evidenceAt(migrations.ini, undefined, 'the migrations')));
  const packages = [...wanted].flatMap(([top, evidence]) => {
    const path = tops.get(top);
    return path === undefined ? [] : [found(path, 'certain', evidence)];
  });
  return [...withoutInner([...packages, ...ofMigrations, ...opened(context, file), ...custom])].sort((one, other) =>
    one.value < other.value ? -1 : 1,
  );
};
