import { basename, resolve } from 'node:path';
import { takenNames } from './takenNames.ts';
import { slug } from './values.ts';

/**
 * The name that an app gets where nobody says one: that of its folder, made fit, so that two projects on one engine are two. A folder
 * whose name has no letter in it, or means something to others, gives `fallback`.
 */
export const appNameFor = (directory: string, fallback: string): string => {
  const words = basename(resolve(directory))
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '');
  const name = words.slice(0, 40).replace(/-+$/, '');
  try {
    return takenNames.has(name) ? `my-${name}` : slug(name);
  } catch {
    return fallback;
  }
};
