import type { Door } from '../../base/door.ts';

type Run = Door['run'];

/** Every way in which a project may differ from what we emit, and what to do about it, in the words of a door. */
export const findingKinds = {
  interrupted: () => 'a run was killed in the middle: the next one that writes finishes it',
  conflict: () => 'has conflict markers: decide each',
  missing: (run) => `was deleted: ${run('update --restore')} brings it back`,
  edited: (run) => `was edited: ${run('diff')} shows how`,
  outdated: (run) => `is not what this version and these answers give: ${run('update')}`,
  mode: () => 'is a script that does not run: chmod +x',
  base: (run) => `its merge base is gone or was changed: restore .comicpile/ from git, or ${run('update')}`,
  override: (run) => `a template of your own whose origin has changed, or is gone: ${run('templates list')}`,
  pack: (run) => `is not the pack that the lock names, or is not in the lock: ${run('update')}`,
  image: (run) => `has no digest, which others have: ${run('images update')}`,
  secret: () => 'is followed by git, and holds secrets: git rm --cached, then rotate them',
} as const satisfies Record<string, (run: Run) => string>;
export type FindingKind = keyof typeof findingKinds;
export type Finding = { readonly path: string; readonly kind: FindingKind };

export const findingKindNames: readonly string[] = Object.keys(findingKinds);
export const isFindingKind = (text: string): text is FindingKind => Object.hasOwn(findingKinds, text);
