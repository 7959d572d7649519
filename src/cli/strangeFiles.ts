import { storedFile } from '../answers/stored.ts';
import { strange } from '../base/disk/strange.ts';
import { inTree, type Tree } from '../base/disk/tree.ts';
import { artifacts } from '../emit/catalogue.ts';
import { secretPlaces } from '../model/existingSecrets.ts';

const notes = '.comicpile';
const places = [storedFile, ...secretPlaces];

const inNotes = (tree: Tree): readonly string[] => {
  const folder = tree.folder(notes);
  if (typeof folder === 'string') return [folder];
  return tree.below(notes).flatMap(({ path }) => tree.look(`${notes}/${path}`).problem ?? []);
};

/**
 * Refuses a project that has anything but plain files where our notes, our templates and the secrets are, before a command looks at
 * them: all that is so in one message, other files of ours too. Whatever reads one of them proves it again.
 */
export const refuseStrange = (directory: string): void => {
  const problems = inTree(directory, (tree) => {
    const found = [...places.flatMap((path) => tree.look(path).problem ?? []), ...inNotes(tree)];
    if (found.length === 0) return [];
    return [...found, ...artifacts.flatMap(({ to }) => tree.look(to).problem ?? [])];
  });
  if (problems.length > 0) throw strange(problems);
};
