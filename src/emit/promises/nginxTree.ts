import { includedFiles } from './includedFiles.ts';
import type { Directive } from './nginx.ts';
import type { RenderedSet } from './renderedSet.ts';

/** A directive, and the file that it stands in. */
export type Sited = {
  readonly words: readonly string[];
  readonly file: string;
  readonly block?: readonly Sited[];
};

const main = 'nginx/nginx.conf';
// Files that include each other are nginx's to refuse.
const mostDepth = 10;

const treeOf = (set: RenderedSet): readonly Sited[] => {
  const emitted = set.files.map(({ artifact: { to } }) => to);
  const read = (file: string, depth: number): readonly Sited[] => sited(set.nginx(file), file, depth);
  const sited = (directives: readonly Directive[], file: string, depth: number): readonly Sited[] =>
    directives.flatMap(({ words, block }): readonly Sited[] => {
      if (words[0] === 'include' && depth < mostDepth) {
        return includedFiles(words.slice(1).join(' '), emitted).files.flatMap((one) => read(one, depth + 1));
      }
      return [{ words, file, ...(block === undefined ? {} : { block: sited(block, file, depth) }) }];
    });
  return read(main, 0);
};

// Several promises look at it.
const known = new WeakMap<RenderedSet, readonly Sited[]>();

/** nginx.conf as nginx reads it, each include replaced by what it names: what a block inherits is seen across files. */
export const nginxTree = (set: RenderedSet): readonly Sited[] => {
  const tree = known.get(set) ?? treeOf(set);
  known.set(set, tree);
  return tree;
};

/** Every block of the tree, with those that it stands in, the innermost last. */
export const everyBlock = (
  tree: readonly Sited[],
  inside: readonly Sited[] = [],
): readonly { readonly block: Sited; readonly inside: readonly Sited[] }[] =>
  tree.flatMap((block) =>
    block.block === undefined ? [] : [{ block, inside }, ...everyBlock(block.block, [...inside, block])],
  );

/** The directives of that name which stand in this block itself. */
export const own = ({ block = [] }: Sited, name: string): readonly Sited[] =>
  block.filter(({ words, block: inner }) => words[0] === name && inner === undefined);
