import type { Evidence, FrontendManager, Notice } from '../../model.ts';
import { readDockerfile } from '../../read/dockerfile.ts';
import { matchesGlob } from '../../read/glob.ts';
import { evidenceAt, folderOf, isBelow, joinPath, nameOf } from '../../read/paths.ts';
import { lineOf, listAt, textAt } from '../../read/toml.ts';
import type { View } from '../../view.ts';
import { isDockerfile } from '../code/commands.ts';
import type { Context } from '../code/context.ts';

const json = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
};

/** The folder and those above it, the nearest first. */
const upwards = (folder: string): readonly string[] => (folder === '' ? [''] : [folder, ...upwards(folderOf(folder))]);

const locks: readonly (readonly [string, FrontendManager])[] = [
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** Whether a lock above a package is its own: the package belongs to the workspace there. */
const isMember = (view: View, above: string, folder: string): boolean => {
  if (above === folder) return true;
  const path = above === '' ? folder : folder.slice(above.length + 1);
  const content = json(view.read(joinPath(above, 'package.json')));
  const rows = view.read(joinPath(above, 'pnpm-workspace.yaml'))?.matchAll(/^\s*-\s*["']?([^\s"'#]+)/gm) ?? [];
  const patterns = [
    ...listAt(content, 'workspaces'),
    ...listAt(content, 'workspaces', 'packages'),
    ...[...rows].map(([, pattern = '']) => pattern),
  ];
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesGlob(pattern, path));
};

export type Tools = {
  readonly manager: FrontendManager;
  readonly managerVersion: string | undefined;
  readonly lock: string | undefined;
  readonly lockFolder: string;
  readonly evidence: readonly Evidence[];
  readonly notices: readonly Notice[];
};

const isManager = (name: string | undefined): name is FrontendManager =>
  name === 'npm' || name === 'pnpm' || name === 'yarn' || name === 'bun';

/** The package manager: `packageManager`, else the nearest lock upward; of several the one that the project's commands use. */
export const toolsOf = ({ view, commands }: Context, folder: string): Tools => {
  const above = upwards(folder).filter((each) => isMember(view, each, folder));
  const pinned = above
    .map((each) => joinPath(each, 'package.json'))
    .flatMap((path) => {
      const text = view.read(path);
      const [, name, version] = /^(\w+)@([\w.-]+)/.exec(textAt(json(text), 'packageManager') ?? '') ?? [];
      if (!isManager(name)) return [];
      const line = lineOf(text ?? '', '"packageManager"');
      return [{ name, version, evidence: evidenceAt(path, line, `packageManager: ${name}@${version}`) }];
    })[0];
  const found = above
    .map((each) => locks.filter(([name]) => view.has(joinPath(each, name))).map((lock) => [each, ...lock] as const))
    .find((rows) => rows.length > 0);
  const rows = found ?? [];
  const used = commands.map(({ words }) => words[0]).filter(isManager);
  const chosen =
    rows.find(([, , manager]) => manager === pinned?.name) ??
    (pinned === undefined ? (rows.find(([, , manager]) => used.includes(manager)) ?? rows[0]) : undefined);
  const manager = pinned?.name ?? chosen?.[2] ?? 'npm';
  const paths = rows.map(([each, name]) => joinPath(each, name));
  const files = paths.map((path) => evidenceAt(path, undefined, nameOf(path)));
  const notices: Notice[] = [];
  if (new Set(rows.map(([, , name]) => name)).size > 1) {
    const says = `${paths.join(' and ')} are locks of several package managers; ${manager} is used, remove the others`;
    notices.push({ id: 'frontend-locks', says, evidence: files });
  } else if (rows.length > 0 && chosen === undefined) {
    const says = `packageManager names ${manager}, but the lock is ${paths[0]}: it is not used`;
    notices.push({ id: 'frontend-locks', says, evidence: files });
  }
  if (chosen === undefined) {
    const path = joinPath(folder, 'package.json');
    const says = `${path} has no lock of ${manager}: each build may take other versions; commit one`;
    notices.push({ id: 'frontend-no-lock', says, evidence: [evidenceAt(path, undefined, nameOf(path))] });
  }
  const lock = chosen === undefined ? undefined : joinPath(chosen[0], chosen[1]);
  return {
    manager,
    managerVersion: pinned?.version,
    lock,
    lockFolder: chosen?.[0] ?? folder,
    evidence: [
      ...(pinned ? [pinned.evidence] : []),
      ...(lock ? [evidenceAt(lock, undefined, `lock of ${manager}`)] : []),
    ],
    notices,
  };
};

/** Current LTS first, then what is maintained beside it, then older ones that a project may ask for. */
const majors = [24, 22, 26, 20, 18, 16, 14];
const oldestMaintained = 22;
const codenames: Readonly<Record<string, string>> = {
  gallium: '16',
  hydrogen: '18',
  iron: '20',
  jod: '22',
  krypton: '24',
};

const satisfies = (range: string, major: number): boolean =>
  range.split('||').some((part) => {
    const hyphen = /^\s*v?(\d+)\S*\s+-\s+v?(\d+)/.exec(part);
    if (hyphen) return major >= Number(hyphen[1]) && major <= Number(hyphen[2]);
    const comparators = [...part.matchAll(/(>=|<=|>|<|\^|~|=)?\s*v?(\d+|\*|x)((?:\.[\dx*]+)*)/g)];
    return comparators.every(([, operator = '', said = '', rest = '']) => {
      if (said === '*' || said === 'x') return true;
      const bound = Number(said);
      if (operator === '>=') return major >= bound;
      if (operator === '>') return rest === '' ? major > bound : major >= bound;
      if (operator === '<') return /[1-9]/.test(rest) ? major <= bound : major < bound;
      if (operator === '<=') return major <= bound;
      return major === bound;
    });
  });

const exactNode = (view: View, folder: string): { readonly node: string; readonly evidence: Evidence } | undefined => {
  for (const each of upwards(folder)) {
    for (const name of ['.nvmrc', '.node-version', '.tool-versions']) {
      const path = joinPath(each, name);
      const text = view.read(path);
      if (text === undefined) continue;
      const said =
        name === '.tool-versions'
          ? /^nodejs\s+(\S+)/m.exec(text)?.[1]
          : text.split('\n').find((line) => /^[^#\s]/.test(line));
      if (said === undefined) continue;
      const [, codename = ''] = /^lts\/(\w+)/.exec(said) ?? [];
      const node = /^v?(\d+)/.exec(said)?.[1] ?? codenames[codename];
      if (node) return { node, evidence: evidenceAt(path, lineOf(text, said), said) };
    }
  }
  return undefined;
};

const imageNode = (view: View, folder: string): { readonly node: string; readonly evidence: Evidence } | undefined => {
  const near = (path: string) => (isBelow(folderOf(path), folder) || isBelow(folder, folderOf(path)) ? 0 : 1);
  const files = view.files.filter(isDockerfile).sort((one, other) => near(one) - near(other));
  for (const path of files) {
    for (const { keyword, text, line } of readDockerfile(view.read(path) ?? '')) {
      const [, node] = keyword === 'FROM' ? (/(?:^|\/|\s)node:(\d+)/.exec(text) ?? []) : [];
      if (node) return { node, evidence: evidenceAt(path, line, `FROM ${text}`) };
    }
  }
  return undefined;
};

/** The major version of Node.js; an `engines` is a range, in which the Dockerfile's version or else the current LTS is taken. */
export const nodeOf = ({ view }: Context, folder: string) => {
  const path = joinPath(folder, 'package.json');
  const text = view.read(path) ?? '';
  const engines = textAt(json(text), 'engines', 'node');
  const image = imageNode(view, folder);
  const wanted = engines === undefined || (image && satisfies(engines, Number(image.node))) ? image : undefined;
  const major = String(majors.find((each) => engines === undefined || satisfies(engines, each)) ?? majors[0]);
  const range = engines === undefined ? [] : [evidenceAt(path, lineOf(text, '"node"'), `engines.node: ${engines}`)];
  const found = exactNode(view, folder) ?? wanted;
  const node = found?.node ?? major;
  const evidence = found ? [found.evidence] : range;
  const notices: Notice[] = [];
  if (Number(node) < oldestMaintained) {
    const says = `${path} is built with Node.js ${node}, which is no longer maintained`;
    notices.push({ id: 'frontend-node-old', says, evidence });
  }
  return { node, evidence, notices };
};
