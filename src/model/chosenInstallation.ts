import { detected, plainName } from '../answers/appValues.ts';
import type { Answers } from '../answers/questions.ts';
import type { Safe } from '../answers/values.ts';
import type { Detection } from '../detect/detection.ts';
import type { Collected } from './collected.ts';
import type { Project } from './project.ts';

/** How the dependencies are installed: by the manager that the user names, else as it was found. */
export const installationOf = (answers: Answers, { installation }: Detection, safe: Collected) => {
  const { value } = installation;
  const manager = answers.packageManager === detected ? value.manager : answers.packageManager;
  // The lock that was found is of the manager that was found.
  const isSame = manager === value.manager;
  const workspace = isSame ? value.workspace : undefined;
  return {
    manager,
    folder: safe.path(value.folder, 'the folder of the lock'),
    lock: isSame && value.lock !== undefined ? safe.path(value.lock, 'the lock') : '',
    requirements: isSame ? safe.paths(value.files, 'a file of requirements') : [],
    workspace:
      workspace === undefined
        ? undefined
        : {
            package:
              safe.take(plainName, workspace.package, 'the name of the workspace member') ?? ('' as Safe<'name'>),
            members: safe.paths(workspace.members, 'a member of the workspace'),
          },
    // What one manager calls a group, another does not know.
    groups: isSame ? safe.all(plainName, value.groups, 'a group of dependencies') : [],
    extras: safe.all(plainName, value.extras, 'an extra'),
  } satisfies Partial<Project>;
};
