/** Every way in which a project may differ from what we emit, and what to do about it. */
export const findingKinds = {
  interrupted: 'a run was killed in the middle: the next one that writes finishes it',
  conflict: 'has conflict markers: decide each',
  missing: 'was deleted: comicpile update --restore brings it back',
  edited: 'was edited: comicpile diff shows how',
  outdated: 'is not what this version and these answers give: comicpile update',
  mode: 'is a script that does not run: chmod +x',
  base: 'its merge base is gone or was changed: restore .comicpile/ from git, or comicpile update',
  override: 'a template of your own whose origin has changed, or is gone: comicpile templates list',
  pack: 'is not the pack that the lock names, or is not in the lock: comicpile update',
  image: 'has no digest, which others have: comicpile images update',
  secret: 'is followed by git, and holds secrets: git rm --cached, then rotate them',
} as const;
export type FindingKind = keyof typeof findingKinds;
export type Finding = { readonly path: string; readonly kind: FindingKind };
