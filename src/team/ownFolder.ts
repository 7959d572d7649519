import { inTree, type Tree } from '../base/disk/tree.ts';
import { projectTemplates } from '../emit/sources.ts';

// The folder itself, and those above it.
const ways = projectTemplates.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));

const strange = (tree: Tree): readonly string[] => {
  const above = ways.filter((folder) => typeof tree.folder(folder) === 'string');
  if (above.length > 0) return above.map((folder) => `${folder} is a link or no folder`);
  return tree
    .below(projectTemplates)
    .filter(({ isFile }) => !isFile)
    .map(({ path }) => `${projectTemplates}/${path} is a link or no plain file`);
};

/**
 * What is neither a file nor a folder in the project's folder of templates, or above it: a link leads to what nobody has agreed to, and a
 * pipe has no end.
 */
export const strangeIn = (directory: string): readonly string[] => inTree(directory, strange);
