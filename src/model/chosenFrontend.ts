import { detected, plainName, versionNumber } from '../answers/appValues.ts';
import type { Answers } from '../answers/questions.ts';
import type { Safe } from '../answers/values.ts';
import type { Detection } from '../detect/detection.ts';
import type { Collected } from './collected.ts';
import type { FrontendBuild } from './project.ts';

/** The frontend that the user names, else the first that was found; its build is as the project says. */
export const frontendOf = (answers: Answers, { frontends }: Detection, safe: Collected): FrontendBuild | undefined => {
  if (answers.frontend === undefined) return undefined;
  const wanted =
    answers.frontend === detected ? frontends[0] : frontends.find(({ value }) => value.folder === answers.frontend);
  if (wanted === undefined) {
    if (answers.frontend !== detected) {
      safe.problems.push(
        `--frontend ${answers.frontend || '.'}: no package.json with a build script was found there; give another folder, or none`,
      );
    }
    return undefined;
  }
  const { value } = wanted;
  return {
    folder: safe.path(value.folder, 'the folder of the frontend'),
    lockFolder: safe.path(value.lockFolder, 'the folder of its lock'),
    manager: value.manager,
    managerVersion:
      value.managerVersion === undefined
        ? ''
        : (safe.take(versionNumber, value.managerVersion, 'packageManager') ?? ''),
    isLocked: value.lock !== undefined,
    node: safe.take(versionNumber, value.node, 'the version of Node.js') ?? ('22' as Safe<'version'>),
    script: safe.take(plainName, value.script, 'the build script') ?? ('build' as Safe<'name'>),
    output: safe.path(value.output, 'the output of the frontend'),
    isServedByApp: value.isServedByApp,
  };
};
