import { isMap } from '../../../base/files.ts';
import { pathOf, valueAt } from '../../read/javascript.ts';
import { evidenceAt, joinPath, normalisePath } from '../../read/paths.ts';
import { at, lineOf, tableAt, textAt } from '../../read/toml.ts';
import {
  type Build,
  configOf,
  evidenceOf,
  folderIn,
  fromScript,
  inPackage,
  type Output,
  optionIn,
  server,
} from './build.ts';

const vite = (build: Build): Output | undefined => {
  const config = configOf(build, 'vite.config');
  const exported = config?.exported;
  if (valueAt(exported, 'build', 'lib') !== undefined) return { kind: 'library' };
  const root = valueAt(exported, 'root');
  const base = (root && pathOf(root, build.of.folder)) ?? build.of.folder;
  const input =
    valueAt(exported, 'build', 'rollupOptions', 'input') ?? valueAt(exported, 'build', 'rolldownOptions', 'input');
  const plugins = valueAt(exported, 'plugins');
  // The plugin of Litestar has its own names for the entry and the folder.
  const litestar =
    plugins?.kind === 'list'
      ? plugins.items.find((item) => item.kind === 'call' && item.callee === 'litestar')
      : undefined;
  const options = litestar?.kind === 'call' ? litestar.args[0] : undefined;
  const bundle = valueAt(options, 'bundleDirectory') ?? valueAt(options, 'bundleDir');
  if (input === undefined && options === undefined && !build.view.has(joinPath(base, 'index.html'))) return undefined;
  const said = valueAt(exported, 'build', 'outDir') ?? bundle;
  const isBundle = said !== undefined && said === bundle;
  return (
    fromScript(build, optionIn(build.script, '--outDir', '--out-dir')) ??
    folderIn(build, config, said, isBundle ? 'bundleDir' : 'outDir', 'dist', isBundle ? build.of.folder : base)
  );
};

const next = (build: Build): Output => {
  const config = configOf(build, 'next.config');
  const output = valueAt(config?.exported, 'output');
  const isExported = output?.kind === 'string' && output.value === 'export';
  if (!isExported && !/\bnext export\b/.test(build.script)) {
    return server('Next.js renders on a server of Node.js', inPackage(build, '"next"'));
  }
  const folder = valueAt(config?.exported, 'distDir');
  const isCustom = folder?.kind === 'string' && folder.value !== '.next';
  return (
    fromScript(build, optionIn(build.script, '-o', '--outdir')) ??
    folderIn(build, config, isCustom ? folder : undefined, 'distDir', 'out')
  );
};

const nuxt = (build: Build): Output => {
  const config = configOf(build, 'nuxt.config');
  if (!/\bgenerate\b|--prerender\b/.test(build.script)) {
    return server('Nuxt renders on a server of Node.js (a script `nuxt generate` gives static files)', {
      ...inPackage(build, '"nuxt'),
    });
  }
  const [, major = '3'] = /(\d+)/.exec(String(build.of.dependencies.nuxt ?? '')) ?? [];
  return folderIn(build, config, undefined, 'generate', Number(major) < 3 ? 'dist' : '.output/public');
};

const svelteKit = (build: Build): Output => {
  const config = configOf(build, 'svelte.config');
  const adapter = config?.imports.find((module) => /adapter/.test(module));
  if (config === undefined || adapter !== '@sveltejs/adapter-static') {
    return server(
      `SvelteKit with ${adapter ?? 'no adapter for static files'} renders on a server of Node.js`,
      config && adapter ? evidenceOf(config, adapter) : inPackage(build, '"@sveltejs/kit"'),
    );
  }
  const adapted = valueAt(config.exported, 'kit', 'adapter');
  const pages = adapted?.kind === 'call' ? valueAt(adapted.args[0], 'pages') : undefined;
  return folderIn(build, config, pages, 'pages', 'build');
};

const astro = (build: Build): Output => {
  const config = configOf(build, 'astro.config');
  const output = valueAt(config?.exported, 'output');
  if (config && output?.kind === 'string' && output.value !== 'static') {
    return server('Astro renders on a server of Node.js', evidenceOf(config, 'output'));
  }
  return folderIn(build, config, valueAt(config?.exported, 'outDir'), 'outDir', 'dist');
};

const angular = (build: Build): Output | undefined => {
  const path = joinPath(build.of.folder, 'angular.json');
  const text = build.view.read(path);
  let content: unknown;
  try {
    content = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  const projects = tableAt(content, 'projects');
  const apps = Object.keys(projects).filter((name) => textAt(projects, name, 'projectType') !== 'library');
  const name = textAt(content, 'defaultProject') ?? apps[0];
  if (name === undefined) return { kind: 'library' };
  const project = projects[name];
  const target = at(project, 'architect', 'build') ?? at(project, 'targets', 'build');
  const options = tableAt(target, 'options');
  const isApplication = /:application$/.test(textAt(target, 'builder') ?? '');
  const says = (word: string) => evidenceAt(path, lineOf(text ?? '', word), word);
  if (options.ssr && options.outputMode !== 'static' && options.outputMode !== undefined) {
    return server('Angular renders on a server of Node.js', says('"ssr"'));
  }
  const said = options.outputPath;
  const base = typeof said === 'string' ? said : (textAt(said, 'base') ?? `dist/${name}`);
  const browser = isMap(said) ? (textAt(said, 'browser') ?? 'browser') : 'browser';
  return {
    kind: 'static',
    output: normalisePath(joinPath(build.of.folder, base, isApplication ? browser : '')),
    confidence: said === undefined ? 'likely' : 'certain',
    evidence: [says(said === undefined ? '"build"' : '"outputPath"')],
  };
};

const reactScripts = (build: Build): Output =>
  fromScript(build, /(?:^|\s)BUILD_PATH=["']?([^\s"']+)/.exec(build.script)?.[1]) ??
  folderIn(build, undefined, undefined, '', 'build');

const vueCli = (build: Build): Output => {
  const config = configOf(build, 'vue.config');
  return (
    fromScript(build, optionIn(build.script, '--dest')) ??
    folderIn(build, config, valueAt(config?.exported, 'outputDir'), 'outputDir', 'dist')
  );
};

const reactRouter = (build: Build): Output => {
  const config = configOf(build, 'react-router.config');
  const ssr = valueAt(config?.exported, 'ssr');
  if (config === undefined || ssr?.kind !== 'boolean' || ssr.value) {
    return server('React Router renders on a server of Node.js', inPackage(build, '"@react-router/dev"'));
  }
  const folder = valueAt(config.exported, 'buildDirectory');
  const found = folderIn(build, config, folder, 'buildDirectory', 'build');
  return found.kind === 'static' ? { ...found, output: `${found.output}/client` } : found;
};

const webpack = (build: Build): Output => {
  const config = configOf(build, 'webpack.config', 'webpack.prod', 'webpack.config.prod');
  return folderIn(build, config, valueAt(config?.exported, 'output', 'path'), 'path:', 'dist');
};

const serverOf = (label: string, dependency: string) => (build: Build) =>
  server(`${label} renders on a server of Node.js`, inPackage(build, `"${dependency}"`));

/** In this order: those above are built with those below. */
const frameworks: readonly (readonly [string, string, (build: Build) => Output | undefined])[] = [
  ['next', 'next', next],
  ['nuxt', 'nuxt', nuxt],
  ['@sveltejs/kit', 'sveltekit', svelteKit],
  ['astro', 'astro', astro],
  ['@remix-run/dev', 'remix', serverOf('Remix', '@remix-run/dev')],
  ['@react-router/dev', 'react-router', reactRouter],
  ['@tanstack/react-start', 'tanstack-start', serverOf('TanStack Start', '@tanstack/react-start')],
  ['@solidjs/start', 'solid-start', serverOf('SolidStart', '@solidjs/start')],
  ['@angular/core', 'angular', angular],
  ['@angular/cli', 'angular', angular],
  ['react-scripts', 'cra', reactScripts],
  ['@vue/cli-service', 'vue-cli', vueCli],
  ['gatsby', 'gatsby', (build) => folderIn(build, undefined, undefined, '', 'public')],
  ['vite', 'vite', vite],
  [
    'parcel',
    'parcel',
    (build) =>
      fromScript(build, optionIn(build.script, '--dist-dir')) ?? folderIn(build, undefined, undefined, '', 'dist'),
  ],
  ['webpack', 'webpack', webpack],
];

/** The framework of a package and what comes of its build; undefined for one that we do not know. */
export const outputOf = (build: Build): { readonly framework: string; readonly output: Output } | undefined => {
  for (const [dependency, framework, read] of frameworks) {
    if (!Object.hasOwn(build.of.dependencies, dependency)) continue;
    const output = read(build);
    if (output !== undefined) return { framework, output };
  }
  return undefined;
};
