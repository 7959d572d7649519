import { matchesGlob } from '../../read/glob.ts';
import { folderOf, joinPath } from '../../read/paths.ts';
import { at, listAt, readToml, tableAt } from '../../read/toml.ts';
import type { View } from '../../view.ts';

/** A uv workspace: the folder of its root, and those of its members. */
export type Workspace = { readonly folder: string; readonly members: readonly string[] };

/** The members of a uv workspace whose root is `folder`, itself left out. */
export const membersOf = (view: View, folder: string): readonly string[] => {
  const workspace = tableAt(readToml(view.read(joinPath(folder, 'pyproject.toml')) ?? ''), 'tool', 'uv', 'workspace');
  const included = listAt(workspace, 'members').slice(0, mostPatterns);
  const excluded = listAt(workspace, 'exclude').slice(0, mostPatterns);
  if (included.length === 0) return [];
  return view.files
    .filter((path) => path.endsWith('/pyproject.toml') && (folder === '' || path.startsWith(`${folder}/`)))
    .map((path) => folderOf(path))
    .filter((member) => {
      const rest = folder === '' ? member : member.slice(folder.length + 1);
      const isIn = (patterns: readonly string[]) => patterns.some((pattern) => matchesGlob(pattern, rest));
      return rest !== '' && isIn(included) && !isIn(excluded);
    })
    .sort();
};

// A workspace written by hand has a few; each is held against each folder with a manifest.
const mostPatterns = 200;

const above = (folder: string): readonly string[] => {
  const folders: string[] = [];
  for (let current = folder; current !== ''; ) {
    current = folderOf(current);
    folders.push(current);
  }
  return folders;
};

/** The workspace around an app, of which it is a member; undefined where there is none. */
export const workspaceOf = (view: View, root: string): Workspace | undefined => {
  for (const folder of above(root)) {
    const members = membersOf(view, folder);
    if (members.includes(root)) return { folder, members };
  }
  return undefined;
};

/** `project.name` of a pyproject.toml. */
export const projectName = (view: View, folder: string): string | undefined => {
  const table = readToml(view.read(joinPath(folder, 'pyproject.toml')) ?? '');
  const name = at(table, 'project', 'name') ?? at(table, 'tool', 'poetry', 'name');
  return typeof name === 'string' ? name : undefined;
};
