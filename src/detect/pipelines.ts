import { isThere } from '../base/files.ts';

/** Where the project's pipelines run: on GitLab where it has some there; on GitHub too unless it is GitLab's alone. */
export const pipelinesOf = (directory: string): 'github' | 'gitlab' | 'both' => {
  const has = (path: string) => isThere(directory, path);
  if (!has('.gitlab-ci.yml') && !has('.gitlab')) return 'github';
  return has('.github/workflows') ? 'both' : 'gitlab';
};
