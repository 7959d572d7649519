import { isPipeline } from './parsedFiles.ts';
import { inGitHub, type Verdict } from './pipeline/gitHub.ts';
import { inGitLab } from './pipeline/gitLab.ts';
import type { Promised } from './promised.ts';

const judgeOf = (to: string): ((pipeline: Parameters<typeof inGitHub>[0]) => Verdict) =>
  to.startsWith('.github/') ? inGitHub : inGitLab;

/**
 * What runs with a repository's rights is exactly what was looked at: an action by its commit, an image by its digest. A workflow
 * starts with no permission, so that each job has only those that it names.
 */
export const actionsPinned: Promised = (set) =>
  set.files
    .map(({ artifact: { to } }) => to)
    .filter(isPipeline)
    .flatMap((to) => {
      const { actions, images, other } = judgeOf(to)(set.yaml(to));
      return [
        ...[...new Set(actions)].map((uses) => `${to} uses ${uses}, which is no commit`),
        ...[...new Set(images)].map((image) => `${to} runs ${image}, which is no digest`),
        ...other.map((what) => `${to} ${what}`),
      ];
    });
