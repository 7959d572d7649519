import type { Answers } from '../answers/questions.ts';
import { installers } from '../policy/installers.ts';
import { below, optional } from './imagePaths.ts';
import type { Project } from './project.ts';

/** The frontend that a stage of the image builds. */
export const buildFrontend = ({ frontend }: Project, { spa }: Answers) => {
  if (frontend === undefined || spa !== '')
    return { exists: false as const, isServedByApp: false, isServedByNginx: false };
  const { folder, lockFolder, manager, managerVersion, isLocked } = frontend;
  const isWorkspace = folder !== lockFolder;
  const own = folder === '' ? '.' : folder;
  const manifests = [
    below(lockFolder, 'package.json'),
    ...{
      npm: ['package-lock.json', '.npmrc'],
      pnpm: ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'],
      yarn: ['yarn.lock', '.yarnrc.yml'],
      bun: ['bun.lock', 'bun.lockb'],
    }[manager].map((name) => optional(below(lockFolder, name))),
  ].join(' ');
  const version = managerVersion || (manager === 'pnpm' ? installers.pnpm : installers.bun);
  const isBerry = manager === 'yarn' && managerVersion !== '' && !managerVersion.startsWith('1.');
  const install = {
    npm: isLocked ? 'npm ci' : 'npm install --no-package-lock',
    pnpm: `pnpm install${isLocked ? ' --frozen-lockfile' : ''}`,
    yarn: `yarn install${isLocked ? (isBerry ? ' --immutable' : ' --frozen-lockfile') : ''}`,
    bun: `bun install${isLocked ? ' --frozen-lockfile' : ''}`,
  }[manager];
  return {
    exists: true as const,
    folder: own,
    isWorkspace,
    lockFolder: lockFolder === '' ? '.' : lockFolder,
    home: folder === '' ? '/project' : `/project/${folder}`,
    lockHome: lockFolder === '' ? '/project' : `/project/${lockFolder}`,
    manifests,
    tool:
      manager === 'pnpm' || manager === 'bun'
        ? `npm install --global ${manager}@${version}`
        : isBerry
          ? 'corepack enable'
          : '',
    install,
    build: manager === 'npm' ? `npm run ${frontend.script}` : `${manager} run ${frontend.script}`,
    hasNoLock: !isLocked,
    image: `node:${frontend.node}-slim`,
    output: frontend.output,
    ecosystem: manager === 'bun' ? 'bun' : 'npm',
    manifestFolder: lockFolder,
    isServedByApp: frontend.isServedByApp,
    isServedByNginx: !frontend.isServedByApp,
  };
};
