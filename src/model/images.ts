import type { Answers } from '../answers/questions.ts';
import { type Digests, pinned } from '../policy/digests.ts';
import { images } from '../policy/images.ts';
import type { ImageName, Policy } from '../policy/policy.ts';

/** Every image by the name of its service, with its digest where that is known; and all that the deployment pulls. */
export const buildImages = (
  pythonVersion: Answers['pythonVersion'],
  policy: Policy,
  digests: Digests,
  frontend: string | undefined,
): { readonly images: Readonly<Record<ImageName, string>>; readonly imageNames: readonly string[] } => {
  const named: Readonly<Record<ImageName, string>> = { ...images(pythonVersion), ...policy.images };
  const rows = Object.entries(named).map(([name, ref]) => [name, pinned(digests)(ref)]);
  return {
    images: Object.fromEntries(rows) as typeof named,
    imageNames: [...new Set([...Object.values(named), ...(frontend === undefined ? [] : [frontend])])],
  };
};
