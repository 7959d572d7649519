import { type Finding, found, type Installation, type Manager, type Notice } from '../../model.ts';
import { evidenceAt, folderOf, joinPath } from '../../read/paths.ts';
import { at, lineOf, listAt, readToml, tableAt, textAt } from '../../read/toml.ts';
import type { View } from '../../view.ts';
import type { Context } from '../code/context.ts';
import { hasTool, includedFiles, requirementFiles } from '../code/dependencies.ts';

const locks: readonly (readonly [string, Manager])[] = [
  ['uv.lock', 'uv'],
  ['poetry.lock', 'poetry'],
  ['pdm.lock', 'pdm'],
  ['Pipfile.lock', 'pipenv'],
];

const globbed = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/\/$/, '')
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('**', '\u0000')
      .replaceAll('*', '[^/]*')
      .replaceAll('\u0000', '.*')
      .replaceAll('?', '[^/]')}$`,
  );

/** The members of a uv workspace whose root is `folder`, itself left out. */
const membersOf = (view: View, folder: string): readonly string[] => {
  const workspace = tableAt(readToml(view.read(joinPath(folder, 'pyproject.toml')) ?? ''), 'tool', 'uv', 'workspace');
  const included = listAt(workspace, 'members').map(globbed);
  const excluded = listAt(workspace, 'exclude').map(globbed);
  return view.files
    .filter((path) => path.endsWith('/pyproject.toml') && (folder === '' || path.startsWith(`${folder}/`)))
    .map((path) => folderOf(path))
    .filter((member) => {
      const rest = folder === '' ? member : member.slice(folder.length + 1);
      return (
        rest !== '' && included.some((pattern) => pattern.test(rest)) && !excluded.some((pattern) => pattern.test(rest))
      );
    })
    .sort();
};

const above = (folder: string): readonly string[] => {
  const folders: string[] = [];
  for (let current = folder; current !== ''; ) {
    current = folderOf(current);
    folders.push(current);
  }
  return folders;
};

const workspaceOf = (view: View, root: string) => {
  for (const folder of above(root)) {
    const members = membersOf(view, folder);
    if (members.includes(root)) return { folder, members };
  }
  return undefined;
};

// What the project's own images and scripts call to install.
const usedBy = ({ commands }: Context, manager: Manager) =>
  commands.find(
    ({ words }) =>
      words[0]?.split('/').at(-1) === manager &&
      words.some((word) => /^(?:sync|install|export|requirements)$/.test(word)),
  )?.evidence;

const toolOrder: readonly Manager[] = ['uv', 'poetry', 'pdm', 'hatch'];

const emptyInstallation = { workspace: undefined, groups: [], extras: [], files: [] } as const;

const withoutLock = (context: Context): Finding<Installation> => {
  const { view, root } = context;
  const [requirements] = requirementFiles(view, root).filter((path) => path.endsWith('.txt'));
  if (requirements !== undefined) {
    const files = includedFiles(view, requirements);
    const value = {
      ...emptyInstallation,
      manager: 'pip',
      lock: requirements,
      files,
      isRepeatable: files.some((file) => (view.read(file) ?? '').includes('--hash=')),
      folder: root,
    } as const;
    return found(value, 'certain', evidenceAt(requirements, 1, 'the requirements of the app'));
  }
  const pyproject = joinPath(root, 'pyproject.toml');
  const text = view.read(pyproject) ?? '';
  const tool = toolOrder.find((name) => hasTool(view, root, name));
  const value = {
    ...emptyInstallation,
    manager: tool ?? ('pip' as const),
    lock: undefined,
    isRepeatable: false,
    folder: root,
  };
  if (tool !== undefined)
    return found(value, 'likely', evidenceAt(pyproject, lineOf(text, `[tool.${tool}`), `[tool.${tool}]`));
  return found(
    value,
    'guess',
    ...(view.has(pyproject) ? [evidenceAt(pyproject, lineOf(text, 'dependencies'), 'dependencies, and no lock')] : []),
  );
};

const choose = (context: Context, here: readonly (readonly [string, Manager])[]) => {
  const { view, root } = context;
  const used = here.find(([, manager]) => usedBy(context, manager) !== undefined);
  return used ?? here.find(([, manager]) => hasTool(view, root, manager)) ?? here[0];
};

const server = /^(?:uvicorn|gunicorn|hypercorn|granian|daphne)$/;

// Groups and extras that hold a server, and extras that the project's own image installs.
const partsOf = ({ dependencies, commands }: Context, manager: Manager) => {
  const ofServers = dependencies
    .filter(({ name, group }) => server.test(name) && !/^(?:$|group:(?:dev|test|docs|lint))/.test(group))
    .map(({ group }) => group);
  const named = (kind: string) =>
    ofServers.filter((group) => group.startsWith(kind)).map((group) => group.slice(kind.length));
  const given = commands
    .filter(
      ({ words }) => words[0]?.split('/').at(-1) === manager && words.some((word) => /^(?:install|sync)$/.test(word)),
    )
    .flatMap(({ words }) =>
      words.flatMap((word, index) =>
        /^(?:-E|--extras?)$/.test(word)
          ? [words[index + 1] ?? '']
          : /^--extras?=/.test(word)
            ? [word.replace(/^[^=]*=/, '')]
            : [],
      ),
    )
    .flatMap((names) => names.split(/[\s,]+/))
    .filter((name) => /^[A-Za-z0-9][\w.-]*$/.test(name));
  return { groups: [...new Set(named('group:'))], extras: [...new Set([...named('extra:'), ...given])] };
};

/** The manager and its lock: the nearest lock of the app, or of the workspace around it; several, and the image decides. */
export const installation = (
  context: Context,
): { readonly installation: Finding<Installation>; readonly notices: readonly Notice[] } => {
  const { view, root } = context;
  const notices: Notice[] = [];
  const here = locks.filter(([name]) => view.has(joinPath(root, name)));
  const around = here.length === 0 ? workspaceOf(view, root) : undefined;
  const chosen = choose(context, here);
  let result: Finding<Installation>;
  if (chosen !== undefined) {
    const [name, manager] = chosen;
    const lock = joinPath(root, name);
    const inside = manager === 'uv' ? membersOf(view, root) : [];
    const workspace =
      inside.length > 0
        ? {
            package: textAt(readToml(view.read(joinPath(root, 'pyproject.toml')) ?? ''), 'project', 'name') ?? '',
            members: inside,
          }
        : undefined;
    result = found(
      {
        ...emptyInstallation,
        ...(manager === 'pipenv' ? {} : partsOf(context, manager)),
        manager,
        lock,
        isRepeatable: true,
        folder: root,
        workspace,
      },
      'certain',
      evidenceAt(lock, 1, `the lock of ${manager}`),
    );
    if (here.length > 1) {
      notices.push({
        id: 'several-locks',
        says: `there is more than one lock; ${name} counts`,
        evidence: [
          ...here.map(([other]) => evidenceAt(joinPath(root, other), 1, other)),
          usedBy(context, manager) ?? [],
        ].flat(),
      });
    }
  } else if (around !== undefined) {
    const lock = joinPath(around.folder, 'uv.lock');
    const pyproject = joinPath(root, 'pyproject.toml');
    const name = textAt(readToml(view.read(pyproject) ?? ''), 'project', 'name') ?? '';
    const isLocked = view.has(lock);
    result = found(
      {
        ...emptyInstallation,
        manager: 'uv',
        lock: isLocked ? lock : undefined,
        isRepeatable: isLocked,
        folder: around.folder,
        workspace: { package: name, members: around.members },
      },
      'certain',
      evidenceAt(
        joinPath(around.folder, 'pyproject.toml'),
        lineOf(view.read(joinPath(around.folder, 'pyproject.toml')) ?? '', 'workspace'),
        'a uv workspace',
      ),
      evidenceAt(pyproject, lineOf(view.read(pyproject) ?? '', 'name'), `its member ${name}`),
    );
  } else result = withoutLock(context);

  const { value } = result;
  if (value.lock === undefined) {
    notices.push({
      id: 'no-lock',
      says: `there is no lock, so a build cannot be repeated; ${value.manager === 'pip' || value.manager === 'hatch' ? 'make one, for example with `uv pip compile --generate-hashes -o requirements.txt pyproject.toml`' : `make one with \`${value.manager} lock\``}`,
      evidence: result.evidence,
    });
  } else if (!value.isRepeatable) {
    notices.push({
      id: 'no-lock',
      says: `${value.lock} has no hashes, so a build cannot be repeated; make it with \`uv pip compile --generate-hashes\``,
      evidence: result.evidence,
    });
  }
  return { installation: result, notices };
};

/** `project.name` of a pyproject.toml. */
export const projectName = (view: View, folder: string): string | undefined => {
  const table = readToml(view.read(joinPath(folder, 'pyproject.toml')) ?? '');
  const name = at(table, 'project', 'name') ?? at(table, 'tool', 'poetry', 'name');
  return typeof name === 'string' ? name : undefined;
};
