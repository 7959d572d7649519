const spelt = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/** A path as one word of a shell (bash, zsh); in it, what a terminal would take for a command is spelt out. */
export const shellWord = (path: string): string => {
  if (/^[\w./][\w./-]*$/.test(path)) return path;
  if (!/\p{C}/u.test(path)) return `'${path.replaceAll("'", "'\\''")}'`;
  return `$'${path.replace(/[\\']/g, '\\$&').replace(/\p{C}/gu, spelt)}'`;
};
