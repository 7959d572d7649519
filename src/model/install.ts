import { installers } from '../policy/installers.ts';
import { below, flags, nameOf, optional } from './imagePaths.ts';
import type { Project } from './project.ts';

type Export = {
  readonly name: string;
  readonly tool: string;
  /** Settings without which it asks, warns or looks for something else. */
  readonly quiet: string;
  readonly manifests: string;
  readonly lock: string;
  readonly makeLock: string;
  /** Fails where the lock is older than the manifest. */
  readonly check: string;
  /** Prints the lock as requirements: what production needs, and all of it. */
  readonly write: string;
  readonly writeAll: string;
};

/** Managers whose lock uv cannot read print it as requirements. */
const buildExport = ({ manager, root, groups, extras }: Project): Export => {
  const files = (manifest: string, lock: string) => `${below(root, manifest)} ${optional(below(root, lock))}`;
  if (manager === 'poetry') {
    const some = flags('--extras', extras);
    return {
      name: 'Poetry',
      tool: `'${installers.poetry}' --with '${installers.poetryExport}'`,
      quiet: 'POETRY_NO_INTERACTION=1',
      manifests: files('pyproject.toml', 'poetry.lock'),
      lock: 'poetry.lock',
      makeLock: 'poetry lock',
      check: 'poetry check --lock',
      write: `poetry export --only main${groups.map((group) => `,${group}`).join('')}${some}`,
      writeAll: `poetry export --all-groups${some}`,
    };
  }
  if (manager === 'pipenv') {
    return {
      name: 'Pipenv',
      tool: `'${installers.pipenv}'`,
      quiet: 'PIPENV_VERBOSITY=-1',
      manifests: files('Pipfile', 'Pipfile.lock'),
      lock: 'Pipfile.lock',
      makeLock: 'pipenv lock',
      check: 'pipenv verify',
      write: 'pipenv requirements --hash',
      writeAll: 'pipenv requirements --dev --hash',
    };
  }
  const some = flags('--group', [...groups, ...extras]);
  return {
    name: 'PDM',
    tool: `'${installers.pdm}'`,
    quiet: 'PDM_IGNORE_SAVED_PYTHON=1 PDM_CHECK_UPDATE=0',
    manifests: files('pyproject.toml', 'pdm.lock'),
    lock: 'pdm.lock',
    makeLock: 'pdm lock',
    check: 'pdm lock --check',
    write: `pdm export --prod${some}`,
    writeAll: `pdm export${some}`,
  };
};

/** How the image installs the dependencies: one way of `ways` is true. */
export const buildInstall = (project: Project) => {
  const { manager, folder, lock, root, workspace, groups, extras } = project;
  const isUv = manager === 'uv';
  const way = isUv ? (workspace === undefined ? 'uv' : 'workspace') : manager === 'hatch' ? 'pyproject' : manager;
  const isRequirements = manager === 'pip' && lock !== '';
  const manifest = below(root, 'pyproject.toml');
  return {
    usesUv: way === 'uv',
    usesWorkspace: way === 'workspace',
    usesExport: manager === 'poetry' || manager === 'pdm' || manager === 'pipenv',
    export: buildExport(project),
    usesRequirements: isRequirements,
    usesPyproject: way === 'pyproject' || (manager === 'pip' && !isRequirements),
    /** What is copied for it, each with the folder that it goes to. */
    manifests: {
      uv: `${manifest} ${optional(below(root, 'uv.lock'))}`,
      pyproject: manifest,
      requirements: requirementSources(project),
      workspace: {
        root: `${below(folder, 'pyproject.toml')} ${optional(below(folder, 'uv.lock'))}`,
        members: (workspace?.members ?? []).map((member) => ({
          from: below(member, 'pyproject.toml'),
          to: folder === '' ? member : member.slice(folder.length + 1),
        })),
      },
    },
    requirements: fromRoot(project, lock),
    requirementFiles: project.requirements.map((file) => fromRoot(project, file)).join(' '),
    package: workspace?.package ?? '',
    uvFlags: flags('--group', groups) + flags('--extra', extras),
    addsUvicorn: project.addsUvicorn,
    /** As Dependabot names them, with the folder of the manifest. */
    ecosystem: isUv ? 'uv' : 'pip',
    manifestFolder: `/${isUv && workspace !== undefined ? folder : root}`,
    versions: installers,
  };
};

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** What a path is below the folder of the app, for a build that begins there. */
const fromRoot = ({ root }: Project, path: string): string =>
  root === '' ? path : path.startsWith(`${root}/`) ? path.slice(root.length + 1) : nameOf(path);

// requirements.txt may include requirements/prod.txt: such a folder goes as a whole.
const requirementSources = (project: Project): readonly { readonly from: string; readonly to: string }[] => {
  const { root, requirements } = project;
  const folders = [...new Set(requirements.map(folderOf))];
  return folders.map((folder) =>
    folder === root
      ? { from: below(root, 'requirements*.txt'), to: './' }
      : { from: `${folder}/`, to: `./${fromRoot(project, folder)}/` },
  );
};
