export type IniValue = { readonly value: string; readonly line: number };

/** Python's configparser, as far as an alembic.ini needs it: sections of `key = value` or `key: value`, comments by line. */
export const readIni = (text: string): ReadonlyMap<string, ReadonlyMap<string, IniValue>> => {
  const sections = new Map<string, Map<string, IniValue>>();
  let current: Map<string, IniValue> | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, section] = /^\[([^\]]+)\]/.exec(line) ?? [];
    if (section !== undefined) {
      current = sections.get(section) ?? new Map();
      sections.set(section, current);
      continue;
    }
    const [start = '', key] = /^([A-Za-z_][\w.-]*)\s*[=:]/.exec(line) ?? [];
    if (key !== undefined) current?.set(key, { value: line.slice(start.length).trim(), line: index + 1 });
  }
  return sections;
};
