// The escapes that stand in names, paths and URLs; others stay as they are written.
export const unescaped = (text: string): string =>
  text.replace(/\\(["'\\\n])/g, (_, character: string) => (character === '\n' ? '' : character));

/** What a plain string says, of any of Python's ways to write one. */
export const stringValue = (source: string): string => {
  const [, prefix = '', , body = ''] = /^([A-Za-z]*)("""|'''|"|')([\s\S]*)\2$/.exec(source) ?? [];
  return /r/i.test(prefix) ? body : unescaped(body);
};
