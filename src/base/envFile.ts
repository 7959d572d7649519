/** Reads and extends `KEY=value` files the way compose does; a user's lines and comments are never touched. */
// `.` must match all that may stand in a line, a Unicode line separator too.
const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*[=:][ \t]*(.*)$/s;

const quoted = /^(['"])(.*)\1$/s;
const unquote = (text: string): string => {
  const value = quoted.test(text.trim()) ? text.trim() : text.replace(/[ \t]#.*$/s, '').trim();
  return quoted.exec(value)?.[2] ?? value;
};

/** Keys and values; a later line of the same key wins, as in compose. */
export const readEnv = (text: string): ReadonlyMap<string, string> => {
  const found = text.split(/\r?\n|\r$/).flatMap((line) => {
    const [, key, value] = assignment.exec(line) ?? [];
    return key === undefined ? [] : [[key, unquote(value ?? '')] as const];
  });
  return new Map(found);
};

/** `existing` with the assignments of `wanted` whose keys it lacks appended, each under its own comment lines. */
export const appendMissing = (existing: string, wanted: string): string => {
  const has = readEnv(existing);
  const added: string[] = [];
  let comments: string[] = [];
  for (const line of wanted.split('\n')) {
    const key = assignment.exec(line)?.[1];
    if (key === undefined) {
      comments = line.startsWith('#') ? [...comments, line] : [];
    } else {
      if (!has.has(key)) added.push(...comments, line);
      comments = [];
    }
  }
  return joinBlocks(existing, added);
};

/** The lines of an ignore file that `existing` lacks, appended once under one heading. */
export const appendLines = (existing: string, wanted: string): string => {
  const has = new Set(existing.split(/\r?\n/).map((line) => line.trim()));
  const added = wanted.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !has.has(line.trim()));
  return joinBlocks(existing, added.length === 0 ? [] : ['# generator-comicpile', ...added]);
};

const joinBlocks = (existing: string, added: readonly string[]): string => {
  if (added.length === 0) return existing;
  const start = existing === '' || existing.endsWith('\n') ? existing : `${existing}\n`;
  return `${start}${start === '' ? '' : '\n'}${added.join('\n')}\n`;
};
