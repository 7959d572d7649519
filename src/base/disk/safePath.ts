import { shellWord } from '../shellWord.ts';

// Characters that HFS+ passes over in a name: https://github.com/git/git/blob/master/utf8.c, next_hfs_char
const passedOver = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Whether some file system takes this name for `.git`: in another case, by its short name, with blanks or dots behind it. */
const isGit = (name: string): boolean => /^(?:\.git|git~[0-9]+)(?:[ .]*(?::.*)?)$/i.test(name.replace(passedOver, ''));

const problemOfName = (name: string): string | undefined => {
  if (name === '' || name === '.') return 'is not in its shortest form';
  if (name === '..') return 'leads out of the project';
  if (isGit(name)) return "is in git's own folder";
  if (Buffer.byteLength(name) > 255) return 'has a name that is too long';
  return undefined;
};

/**
 * What is wrong with a path as one of a file in the project, in words; undefined: nothing. Whatever reads or writes there asks, so
 * it does not matter who has written the path.
 */
export const problemOfPath = (path: string): string | undefined => {
  const problem = /^(?:[/\\]|[a-z]:)/i.test(path)
    ? 'is no path from the project on'
    : /[\p{Cc}\\]/u.test(path)
      ? 'has characters that no file of ours has'
      : path.length > 1000
        ? 'is too long'
        : path
            .split('/')
            .map(problemOfName)
            .find((each) => each !== undefined);
  return problem === undefined ? undefined : `${shellWord(path.slice(0, 200))} ${problem}`;
};
