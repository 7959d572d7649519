/** What stands for a name; undefined where nothing does. */
export type Lookup = (name: string) => string | undefined;

const reference = /\$(?:\$|([A-Za-z_][A-Za-z0-9_]*)|\{)/;
const inBraces = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?)([-+?])([^\n]*))?$/;
/** Deeper than anybody nests; a text that does is not resolved. */
const deepest = 50;

/** Where the brace closes that was opened in front of `text`. */
const closing = (text: string): number => {
  let open = 1;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{') open += 1;
    else if (text[at] === '}') open -= 1;
    if (open === 0) return at;
  }
  return -1;
};

const resolved = (body: string, lookup: Lookup, depth: number): string | undefined => {
  const [, name, colon, sign, other = ''] = inBraces.exec(body) ?? [];
  if (name === undefined) return undefined;
  const value = lookup(name);
  const isThere = colon === ':' ? value !== undefined && value !== '' : value !== undefined;
  if (sign === '+' ? isThere : sign === '-' && !isThere) return interpolated(other, lookup, depth + 1);
  return sign === '?' && !isThere ? undefined : (value ?? '');
};

/**
 * `$NAME`, `${NAME}`, `${NAME:-instead}` and the like with their values, as compose resolves them in an environment file
 * (compose-go's template/template.go). Undefined where compose refuses the file.
 */
export const interpolated = (text: string, lookup: Lookup, depth = 0): string | undefined => {
  let done = '';
  let rest = text;
  for (let found = reference.exec(rest); found !== null; found = reference.exec(rest)) {
    const [all, name] = found;
    done += rest.slice(0, found.index);
    rest = rest.slice(found.index + all.length);
    if (all === '$$') done += '$';
    else if (name !== undefined) done += lookup(name) ?? '';
    else {
      const end = closing(rest);
      const value = end < 0 || depth > deepest ? undefined : resolved(rest.slice(0, end), lookup, depth);
      if (value === undefined) return undefined;
      done += value;
      rest = rest.slice(end + 1);
    }
  }
  return done + rest;
};
