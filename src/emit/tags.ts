/** A tag of a template, `<% … %>`, as it stands in the text. */
export type Tag = {
  readonly text: string;
  readonly line: number;
  /** The text between it and the tag before it. */
  readonly before: string;
  /** Whether it has a line of its own, but for blanks before it. */
  readonly isAlone: boolean;
};

const blank = /^[ \t]*$/;

/** Half of a tag. */
export type Stray = { readonly what: string; readonly line: number };

const newlines = (text: string): number => text.split('\n').length - 1;

/**
 * The tags of a template, in their order, what stands behind the last one, and the halves of tags. EJS takes `<%` and `%>` for the ends of
 * a tag wherever they are, so neither may stand elsewhere. Each character is looked at a fixed number of times.
 */
export const tagsOf = (
  template: string,
): { readonly tags: readonly Tag[]; readonly rest: string; readonly strays: readonly Stray[] } => {
  const tags: Tag[] = [];
  const strays: Stray[] = [];
  let at = 0;
  let line = 1;
  const literal = (text: string): string => {
    const stray = text.indexOf('%>');
    if (stray >= 0) strays.push({ what: '%> without <%', line: line + newlines(text.slice(0, stray)) });
    line += newlines(text);
    return text;
  };
  for (let open = template.indexOf('<%'); open >= 0; open = template.indexOf('<%', at)) {
    const before = literal(template.slice(at, open));
    const close = template.indexOf('%>', open + 2);
    if (close < 0) {
      strays.push({ what: '<% without %>', line });
      return { tags, rest: '', strays };
    }
    const text = template.slice(open, close + 2);
    const newline = before.lastIndexOf('\n');
    const isFirst = newline >= 0 || at === 0;
    const isAlone = isFirst && blank.test(before.slice(newline + 1)) && template[close + 2] === '\n';
    tags.push({ text, line, before, isAlone });
    line += newlines(text);
    at = close + 2;
  }
  return { tags, rest: literal(template.slice(at)), strays };
};
