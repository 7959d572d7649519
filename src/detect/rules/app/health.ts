import { type Evidence, type Finding, found } from '../../model.ts';
import { readDockerfile } from '../../read/dockerfile.ts';
import { evidenceAt, isBelow, nameOf } from '../../read/paths.ts';
import { lineOf } from '../../read/toml.ts';
import { isCompose, isDockerfile, readCompose } from '../code/commands.ts';
import { type Context, quoted } from '../code/context.ts';
import { mountPaths, routesOf } from './routes.ts';

// The first that is there: a check of readiness is stricter than one of life.
const words = [
  'health',
  'healthz',
  'healthcheck',
  'health-check',
  'health_check',
  'readyz',
  'ready',
  'readiness',
  'livez',
  'live',
  'liveness',
  'ping',
];
const looksLikeHealth = (path: string): boolean =>
  !/[{<]/.test(path) && words.includes(path.replace(/\/$/, '').split('/').at(-1) ?? '');

const rank = (path: string): number => words.indexOf(path.replace(/\/$/, '').split('/').at(-1) ?? '');

const fromCode = (context: Context): Finding<string> | undefined => {
  const [best] = routesOf(context, ...words.flatMap((word) => [`/${word}`, `"${word}`, `'${word}`]))
    .filter(({ path, isRead }) => isRead && looksLikeHealth(path))
    .sort((one, other) => rank(one.path) - rank(other.path) || one.path.length - other.path.length);
  return best === undefined ? undefined : found(best.path, 'likely', quoted(context.view, best.python.path, best.line));
};

const urlPath = (text: string): string | undefined =>
  /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::[\d$A-Z_{}]+)?(\/[\w./-]*)/.exec(text)?.[1];

// The check that the project's own container has, or a script that it runs for it.
const fromHealthcheck = ({ view, root }: Context): Finding<string> | undefined => {
  const evidenceIn = (
    file: string,
    line: number | undefined,
    said: string,
  ): { path: string; evidence: Evidence } | undefined => {
    const path = urlPath(said);
    if (path !== undefined) return { path, evidence: evidenceAt(file, line, said) };
    const module = /-m\s+([\w.]+)/.exec(said)?.[1]?.replaceAll('.', '/');
    const script = view.files.find(
      (candidate) =>
        /\.(?:sh|py)$/.test(candidate) &&
        (said.includes(nameOf(candidate)) || (module !== undefined && candidate.endsWith(`${module}.py`))),
    );
    const inside = script === undefined ? undefined : urlPath(view.read(script) ?? '');
    return inside === undefined || script === undefined
      ? undefined
      : { path: inside, evidence: evidenceAt(script, lineOf(view.read(script) ?? '', inside), inside) };
  };
  for (const file of view.files.filter((path) => isDockerfile(path) && (isBelow(path, root) || !path.includes('/')))) {
    const check = readDockerfile(view.read(file) ?? '').findLast(({ keyword }) => keyword === 'HEALTHCHECK');
    const hit = check === undefined ? undefined : evidenceIn(file, check.line, check.text);
    if (hit !== undefined) return found(hit.path, 'likely', hit.evidence);
  }
  for (const file of view.files.filter(isCompose)) {
    for (const service of Object.values(readCompose(view.read(file) ?? ''))) {
      if (service.build === undefined) continue;
      const test = JSON.stringify((service.healthcheck as { test?: unknown } | undefined)?.test ?? '');
      const hit = evidenceIn(file, lineOf(view.read(file) ?? '', 'healthcheck'), test);
      if (hit !== undefined) return found(hit.path, 'likely', hit.evidence);
    }
  }
  return undefined;
};

/** The path that answers when the app works, prefixes resolved and its trailing slash kept; undefined: none was found. */
export const healthPath = (context: Context): Finding<string> | undefined =>
  fromCode(context) ?? fromHealthcheck(context);

/** The first parts of the paths that the app answers, `/api` and the like: what nginx passes on beside a single-page app. */
export const appPaths = (context: Context): readonly string[] => {
  const routes = routesOf(
    context,
    '.get(',
    '.post(',
    '.websocket(',
    '.put(',
    '.patch(',
    '.delete(',
    'route(',
    'Route(',
    '@get',
    '@post',
  ).map(({ path }) => path);
  const firsts = [...routes, ...mountPaths(context)].flatMap((path) => /^\/[A-Za-z0-9_.-]+/.exec(path)?.[0] ?? []);
  return [...new Set(firsts)].sort();
};
