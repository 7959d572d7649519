import { type Finding, found, type Installation, type Manager } from '../../model.ts';
import { evidenceAt, joinPath } from '../../read/paths.ts';
import { lineOf } from '../../read/toml.ts';
import type { Context } from '../code/context.ts';
import { hasTool, includedFiles, requirementFiles } from '../code/dependencies.ts';

const toolOrder: readonly Manager[] = ['uv', 'poetry', 'pdm', 'hatch'];

/** What most installations have none of. */
export const emptyInstallation = { workspace: undefined, groups: [], extras: [], files: [] } as const;

/** How an app without a lock is installed: by its requirements, else by what its pyproject.toml says. */
export const withoutLock = (context: Context): Finding<Installation> => {
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
