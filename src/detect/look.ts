import { isFolder } from '../base/disk/walk.ts';
import { optimize } from '../base/optimizer.ts';
import type { Detection, Told } from './detection.ts';

/** Looks at the app in one directory, as it is when first asked; the same question is not looked into twice. */
export type Look = (told?: Told) => Promise<Detection | undefined>;

/** The parsers are heavy, and a new app needs none: they are loaded at the first look. */
export const lookerAt = (directory: string): Look => {
  const seen = new Map<string, Promise<Detection | undefined>>();
  const look = async (told: Told): Promise<Detection | undefined> => {
    if (!isFolder(directory)) return undefined;
    optimize(true);
    const [{ viewOf }, { detect }] = await Promise.all([import('./view.ts'), import('./runtimes.ts')]);
    return detect(viewOf(directory), told);
  };
  return (told = {}) => {
    const key = JSON.stringify([told.root, told.entry]);
    const known = seen.get(key) ?? look(told);
    seen.set(key, known);
    return known;
  };
};
