import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { applyPatch, createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { packageRoot } from '../src/base/packageRoot.ts';

/**
 * How test/golden keeps the trees: the first one whole, of each other one only what a reviewer has not yet read.
 * Of a later tree, a file
 *  - that is as in the first tree is not kept,
 *  - that is as in another tree before it has a line `like <tree> <path>` in SAME-AND-LESS,
 *  - that differs is `<path>.diff`, to the tree before it (named in the head of the diff) where the diff is shortest,
 *  - that no tree before it has, or whose diff would be as long as itself, is kept whole;
 *  - that the first tree has and this one lacks has a line `less <path>` in SAME-AND-LESS.
 */
export type Tree = ReadonlyMap<string, string>;
type Trees = ReadonlyMap<string, Tree>;

const notes = 'SAME-AND-LESS';
const lines = (text: string): number => text.split('\n').length;

const diffOf = (from: string, to: string, before: string, after: string): string =>
  createTwoFilesPatch(from, to, before, after, undefined, undefined, { context: 1, headerOptions: FILE_HEADERS_ONLY });

/** A line of the notes, or a file to keep: name → text. */
type Kept = string | readonly [name: string, text: string];

const keptOf = (name: string, path: string, text: string, earlier: Trees): Kept => {
  const known = [...earlier].flatMap(([from, tree]) => {
    const before = tree.get(path);
    return before === undefined ? [] : [{ from, before }];
  });
  const same = known.find(({ before }) => before === text);
  if (same !== undefined) return `like ${same.from} ${path}`;
  const [shortest] = known
    .map(({ from, before }) => diffOf(`${from}/${path}`, `${name}/${path}`, before, text))
    .sort((one, other) => lines(one) - lines(other));
  return shortest === undefined || lines(shortest) >= lines(text) ? [path, text] : [`${path}.diff`, shortest];
};

const keptTree = (name: string, tree: Tree, earlier: Trees): Tree => {
  const [[first, whole] = ['', new Map<string, string>()]] = earlier;
  const kept = [...tree].map(([path, text]) => keptOf(name, path, text, earlier));
  const noted = [
    ...kept.filter((one) => typeof one === 'string').filter((line) => !line.startsWith(`like ${first} `)),
    ...[...whole.keys()].filter((path) => !tree.has(path)).map((path) => `less ${path}`),
  ].sort();
  const files = kept.filter((one) => typeof one !== 'string');
  return new Map(noted.length === 0 ? files : [...files, [notes, `${noted.join('\n')}\n`]]);
};

/** What is kept of these trees: path in test/golden → text. */
export const keep = (trees: Trees): Tree => {
  const names = [...trees];
  return new Map(
    names.flatMap(([name, tree], at) =>
      [...keptTree(name, tree, new Map(names.slice(0, at)))].map(([path, text]) => [`${name}/${path}`, text] as const),
    ),
  );
};

const restored = (own: Tree, earlier: Trees): Tree => {
  const [[, whole] = ['', new Map<string, string>()]] = earlier;
  const tree = new Map(whole);
  const from = (name: string, path: string): string => {
    const text = earlier.get(name)?.get(path);
    assert.ok(text !== undefined, `${name}/${path} is not in the trees before`);
    return text;
  };
  for (const line of (own.get(notes) ?? '').split('\n').filter(Boolean)) {
    const [, less, name, like] = /^(?:less (.+)|like (\S+) (.+))$/.exec(line) ?? [];
    if (less !== undefined) assert.ok(tree.delete(less), line);
    else if (name !== undefined && like !== undefined) tree.set(like, from(name, like));
    else assert.fail(`cannot read "${line}"`);
  }
  for (const [path, text] of own) {
    const [, name, base] = path.endsWith('.diff') ? (/^--- ([^/]+)\/(.+)$/m.exec(text) ?? []) : [];
    if (name !== undefined && base !== undefined) {
      assert.equal(path, `${base}.diff`);
      const patched = applyPatch(from(name, base), text);
      assert.ok(patched !== false, `${path} does not apply to the tree ${name}`);
      tree.set(base, patched);
    } else if (path !== notes) tree.set(path, text);
  }
  return tree;
};

/** The trees, from what is kept of them. */
export const restore = (names: readonly string[], kept: Tree): Trees => {
  const trees = new Map<string, Tree>();
  for (const name of names) {
    const own = [...kept].filter(([path]) => path.startsWith(`${name}/`));
    trees.set(name, restored(new Map(own.map(([path, text]) => [path.slice(name.length + 1), text])), trees));
  }
  return trees;
};

const root = (): string => join(packageRoot(), 'test/golden');

export const readGolden = (): Tree => {
  const files = readdirSync(root(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.map((path) => [relative(root(), path), readFileSync(path, 'utf8')]));
};

export const writeGolden = (kept: Tree): void => {
  rmSync(root(), { recursive: true, force: true });
  for (const [path, text] of kept) {
    mkdirSync(dirname(join(root(), path)), { recursive: true });
    writeFileSync(join(root(), path), text);
  }
};
