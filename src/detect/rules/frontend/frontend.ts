import { type Evidence, type Finding, type Frontend, found, type Notice } from '../../model.ts';
import { readDockerfile } from '../../read/dockerfile.ts';
import { evidenceAt, folderOf, isBelow, nameOf, overlaps } from '../../read/paths.ts';
import { lineOf, tableAt } from '../../read/toml.ts';
import { isDockerfile } from '../code/commands.ts';
import type { Context } from '../code/context.ts';
import type { Package } from './build.ts';
import { outputOf } from './output.ts';
import { servedPaths } from './staticFolders.ts';
import { nodeOf, toolsOf } from './tools.ts';

const notAFrontend =
  /(?:^|\/)(?:packages|libs?|docs?|documentation|e2e|examples?|samples?|tests?|cypress|playwright|storybook|\.storybook|sdks?|clients|scripts|emails?|email-templates|archive|\.github|\.devcontainer|\{\{[^/]*)\//;

const readPackage = ({ view }: Context, path: string): Package | undefined => {
  const text = view.read(path);
  if (text === undefined) return undefined;
  try {
    const content: unknown = JSON.parse(text);
    return {
      folder: folderOf(path),
      path,
      text,
      scripts: tableAt(content, 'scripts'),
      dependencies: { ...tableAt(content, 'devDependencies'), ...tableAt(content, 'dependencies') },
    };
  } catch {
    return undefined;
  }
};

/** The script that builds; of Nuxt the one that gives static files. */
const scriptOf = ({ scripts, dependencies }: Package): string | undefined => {
  const order = 'nuxt' in dependencies ? ['generate', 'build', 'bundle'] : ['build', 'generate', 'bundle'];
  return order.find((name) => typeof scripts[name] === 'string');
};

/** Scripts that give a browser files, by a tool whose output cannot be told. */
const otherTool = /\b(?:tailwindcss|esbuild|rollup|rspack|rsbuild|gulp|grunt|sass|postcss|parcel|webpack)\b/;

/** Whether code of the app lies beside the output or above it, as in a package that brings its own files. */
const isInPythonTree = ({ python }: Context, folder: string, output: string): boolean => {
  const holds = new Set(python.map(folderOf));
  const isOwn = isBelow(`${output}/`, folder);
  for (let above = folderOf(output); ; above = folderOf(above)) {
    if (isOwn && isBelow(`${folder}/`, above)) return false;
    if (holds.has(above)) return true;
    if (above === '') return false;
  }
};

/** A stage of a Dockerfile that puts the output elsewhere: the model has no place for where. */
const copiedIn = ({ view }: Context, output: string): Evidence | undefined => {
  for (const path of view.files.filter(isDockerfile)) {
    for (const { keyword, text, line } of readDockerfile(view.read(path) ?? '')) {
      if (keyword !== 'COPY') continue;
      const [source = '', target = ''] = text.split(/\s+/);
      const from = source.replace(/\/\.?$/, '');
      const isOutput = from.endsWith(`/${output}`) || from.endsWith(`/${nameOf(output)}`) || from === output;
      if (isOutput && !/nginx|\/var\/www|\/srv|caddy/i.test(target)) {
        return evidenceAt(path, line, `COPY ${text}`);
      }
    }
  }
  return undefined;
};

type Seen = { readonly frontend?: Finding<Frontend>; readonly notices: readonly Notice[] };

const readFrontend = (context: Context, of: Package, served: ReturnType<typeof servedPaths>): Seen => {
  const script = scriptOf(of);
  if (script === undefined) return { notices: [] };
  const said = String(of.scripts[script]);
  const line = evidenceAt(of.path, lineOf(of.text, `"${script}"`, ':'), `${script}: ${said}`);
  const built = outputOf({ view: context.view, of, script: said });
  if (built === undefined) {
    const says = `${of.path} has a script \`${script}\` (${said.slice(0, 80)}), which is not run: what it writes must be committed`;
    return { notices: otherTool.test(said) ? [{ id: 'frontend-unknown', says, evidence: [line] }] : [] };
  }
  const { framework, output } = built;
  if (output.kind === 'library') return { notices: [] };
  if (output.kind === 'server') {
    const says = `${of.path} is not deployed: ${output.why}`;
    return { notices: [{ id: 'frontend-server', says, evidence: output.evidence }] };
  }
  const tools = toolsOf(context, of.folder);
  const node = nodeOf(context, of.folder);
  const notices: Notice[] = [...tools.notices, ...node.notices];
  if (output.output === '' || isBelow(`${of.folder}/`, output.output)) {
    const says = `${of.path} is not deployed: its build writes into ${output.output || 'the root'}, among its own sources`;
    return { notices: [{ id: 'frontend-output', says, evidence: output.evidence }] };
  }
  if (output.confidence === 'guess') {
    const says = `where the build of ${of.path} leaves its files cannot be read from its config; ${output.output} is a guess`;
    notices.push({ id: 'frontend-output', says, evidence: output.evidence });
  }
  const serving = served.filter(({ path }) => overlaps(path, output.output));
  const isServedByApp = serving.length > 0 || isInPythonTree(context, of.folder, output.output);
  const copied = isServedByApp ? undefined : copiedIn(context, output.output);
  if (copied) {
    const says = `the files of ${of.path} are copied into the image from ${output.output} by the Dockerfile: check where the app expects them`;
    notices.push({ id: 'frontend-copied', says, evidence: [copied] });
  }
  const value: Frontend = {
    folder: of.folder,
    lockFolder: tools.lockFolder,
    lock: tools.lock,
    manager: tools.manager,
    managerVersion: tools.managerVersion,
    node: node.node,
    framework,
    script,
    output: output.output,
    isServedByApp,
  };
  const evidence = [line, ...output.evidence, ...tools.evidence, ...node.evidence];
  return {
    frontend: found(value, output.confidence, ...evidence, ...serving.slice(0, 3).map((each) => each.evidence)),
    notices,
  };
};

/** The frontends that are built into static files; what needs a server of its own is only said. */
export const frontends = (
  context: Context,
): { readonly frontends: readonly Finding<Frontend>[]; readonly notices: readonly Notice[] } => {
  const packages = context.view.files
    .filter((path) => nameOf(path) === 'package.json' && !notAFrontend.test(path))
    .flatMap((path) => readPackage(context, path) ?? []);
  if (packages.length === 0) return { frontends: [], notices: [] };
  const served = servedPaths(context);
  const seen = packages.map((of) => readFrontend(context, of, served));
  return {
    frontends: seen.flatMap(({ frontend }) => frontend ?? []),
    notices: seen.flatMap(({ notices }) => notices),
  };
};
