import { type Finding, found, type Installation, type Manager, type Notice } from '../../model.ts';
import { evidenceAt, joinPath } from '../../read/paths.ts';
import { lineOf, readToml, textAt } from '../../read/toml.ts';
import type { Context } from '../code/context.ts';
import { hasTool } from '../code/dependencies.ts';
import { groupsOf } from './groups.ts';
import { emptyInstallation, withoutLock } from './withoutLock.ts';
import { membersOf, type Workspace, workspaceOf } from './workspace.ts';

/** The name of a lock, and the manager that writes it. */
type Lock = readonly [name: string, manager: Manager];

const locks: readonly Lock[] = [
  ['uv.lock', 'uv'],
  ['poetry.lock', 'poetry'],
  ['pdm.lock', 'pdm'],
  ['Pipfile.lock', 'pipenv'],
];

// What the project's own images and scripts call to install.
const usedBy = ({ commands }: Context, manager: Manager) =>
  commands.find(
    ({ words }) =>
      words[0]?.split('/').at(-1) === manager &&
      words.some((word) => /^(?:sync|install|export|requirements)$/.test(word)),
  )?.evidence;

/** Of several locks that of the manager that the project's own images and scripts call, else of the one that it configures. */
const choose = (context: Context, here: readonly Lock[]): Lock | undefined => {
  const { view, root } = context;
  const used = here.find(([, manager]) => usedBy(context, manager) !== undefined);
  return used ?? here.find(([, manager]) => hasTool(view, root, manager)) ?? here[0];
};

/** As uv names a member: only `[project]` counts. */
const packageName = ({ view, root }: Context): string =>
  textAt(readToml(view.read(joinPath(root, 'pyproject.toml')) ?? ''), 'project', 'name') ?? '';

const byLock = (context: Context, [name, manager]: Lock): Finding<Installation> => {
  const { view, root } = context;
  const lock = joinPath(root, name);
  const members = manager === 'uv' ? membersOf(view, root) : [];
  const value = {
    ...emptyInstallation,
    ...(manager === 'pipenv' ? {} : groupsOf(context, manager)),
    manager,
    lock,
    isRepeatable: true,
    folder: root,
    workspace: members.length === 0 ? undefined : { package: packageName(context), members },
  };
  return found(value, 'certain', evidenceAt(lock, 1, `the lock of ${manager}`));
};

/** A member of a workspace, whose lock is at the root of that. */
const asMember = (context: Context, { folder, members }: Workspace): Finding<Installation> => {
  const { view, root } = context;
  const lock = joinPath(folder, 'uv.lock');
  const isLocked = view.has(lock);
  const name = packageName(context);
  const seen = (manifest: string, word: string, says: string) =>
    evidenceAt(manifest, lineOf(view.read(manifest) ?? '', word), says);
  return found(
    {
      ...emptyInstallation,
      manager: 'uv',
      lock: isLocked ? lock : undefined,
      isRepeatable: isLocked,
      folder,
      workspace: { package: name, members },
    },
    'certain',
    seen(joinPath(folder, 'pyproject.toml'), 'workspace', 'a uv workspace'),
    seen(joinPath(root, 'pyproject.toml'), 'name', `its member ${name}`),
  );
};

const severalLocks = (context: Context, here: readonly Lock[], [name, manager]: Lock): readonly Notice[] =>
  here.length < 2
    ? []
    : [
        {
          id: 'several-locks',
          says: `there is more than one lock; ${name} counts`,
          evidence: [
            ...here.map(([other]) => evidenceAt(joinPath(context.root, other), 1, other)),
            usedBy(context, manager) ?? [],
          ].flat(),
        },
      ];

const notRepeatable = ({ value, evidence }: Finding<Installation>): readonly Notice[] => {
  const { manager, lock, isRepeatable } = value;
  const withPip = 'make one, for example with `uv pip compile --generate-hashes -o requirements.txt pyproject.toml`';
  const how = manager === 'pip' || manager === 'hatch' ? withPip : `make one with \`${manager} lock\``;
  if (lock === undefined)
    return [{ id: 'no-lock', says: `there is no lock, so a build cannot be repeated; ${how}`, evidence }];
  if (isRepeatable) return [];
  const says = `${lock} has no hashes, so a build cannot be repeated; make it with \`uv pip compile --generate-hashes\``;
  return [{ id: 'no-lock', says, evidence }];
};

/** The manager and its lock: the nearest lock of the app, or of the workspace around it; several, and the image decides. */
export const installation = (
  context: Context,
): { readonly installation: Finding<Installation>; readonly notices: readonly Notice[] } => {
  const { view, root } = context;
  const here = locks.filter(([name]) => view.has(joinPath(root, name)));
  const lock = choose(context, here);
  if (lock !== undefined) {
    const result = byLock(context, lock);
    return { installation: result, notices: [...severalLocks(context, here, lock), ...notRepeatable(result)] };
  }
  const around = workspaceOf(view, root);
  const result = around === undefined ? withoutLock(context) : asMember(context, around);
  return { installation: result, notices: notRepeatable(result) };
};
