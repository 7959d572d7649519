import { put } from './projects.ts';

// In pieces, so that no scanner stumbles over this file.
const accessKey = ['AK', 'IA', 'Z7QW3RTY', '2K4XSDFV'].join('');

/** Puts what looks like a key of a cloud into a file that git takes. */
export const putAccessKey = (directory: string): void =>
  put(directory, 'app/storage.py', `AWS_ACCESS_KEY_ID = "${accessKey}"\n`);
