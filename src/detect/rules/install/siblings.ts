import type { Installation } from '../../model.ts';
import { type Finding, found } from '../../model.ts';
import { evidenceAt, isBelow, joinPath } from '../../read/paths.ts';
import { normalised } from '../../read/requirement.ts';
import type { View } from '../../view.ts';
import { dependenciesOf } from '../code/dependencies.ts';
import { projectName } from './workspace.ts';

/** Another member of the workspace that the app depends on: where its imports begin, and what of it the image must hold. */
export type Sibling = {
  readonly folder: string;
  readonly pathRoot: Finding<string>;
  readonly copies: readonly Finding<string>[];
};

const partsOf = (view: View, pathRoot: string): readonly string[] => {
  const parts = new Set<string>();
  for (const path of view.files) {
    if (!path.endsWith('.py') || !isBelow(path, pathRoot)) continue;
    const [first = ''] = (pathRoot === '' ? path : path.slice(pathRoot.length + 1)).split('/');
    if (!/^(?:tests?|docs?|examples?|setup\.py|conftest\.py)$/.test(first)) parts.add(joinPath(pathRoot, first));
  }
  return [...parts].sort();
};

/** The members of a uv workspace that the app needs, whatever way round: they are copied, as they are no package of an index. */
export const siblingsOf = (view: View, root: string, { workspace, folder }: Installation): readonly Sibling[] => {
  if (workspace === undefined) return [];
  const members = new Map(
    [folder, ...workspace.members].flatMap((member) => {
      const name = projectName(view, member);
      return name === undefined || member === root ? [] : [[normalised(name), member] as const];
    }),
  );
  const needed = new Map<string, Sibling>();
  const follow = (from: string): void => {
    for (const { name, evidence } of dependenciesOf(view, from)) {
      const member = members.get(name);
      if (member === undefined || needed.has(member)) continue;
      const source = joinPath(member, 'src');
      const pathRoot = view.isFolder(source) ? source : member;
      needed.set(member, {
        folder: member,
        pathRoot: found(pathRoot, 'certain', evidence),
        copies: partsOf(view, pathRoot).map((part) =>
          found(part, 'certain', evidence, evidenceAt(part, undefined, `of the member ${name}`)),
        ),
      });
      follow(member);
    }
  };
  follow(root);
  return [...needed.values()];
};
