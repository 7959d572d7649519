/** The assignments of a `KEY=value` file, found the way compose finds them: several lines in quotes are one. */
export type Statement = {
  readonly key: string;
  /** As the file has it: without its quotes, its comment and the blanks at its ends, escapes and variables untouched. */
  readonly written: string;
  readonly quote: '"' | "'" | '';
  /** Of the file, counted from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
};

// What Go's unicode.IsSpace knows, but for the line feed, which ends the line.
const blank = '[\\t\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const opening = new RegExp(`^${blank}*(?:export${blank}+)?([\\p{L}\\p{N}_.[\\]-]+)${blank}*[=:]${blank}*`, 'u');
const inQuotes = /^(?:(")([^"\\]*(?:\\[\s\S][^"\\]*)*)"|(')([^'\\]*(?:\\[\s\S][^'\\]*)*)')/;
/** Behind a closing quote: a comment, or the next assignment. */
const lineEnd = new RegExp(`^${blank}*(?:#[^\\n]*)?(?:\\n|$)`);
const isBlank = new RegExp(blank);

/** Up to a comment. A pattern that ends with `$` would begin anew at each blank of a long line. */
const plainValue = (line: string): string => {
  const comment = line.indexOf(' #');
  let end = comment < 0 ? line.length : comment;
  while (isBlank.test(line[end - 1] ?? '')) end -= 1;
  return line.slice(0, end);
};

const firstLineOf = (text: string): string => text.slice(0, (text.indexOf('\n') + 1 || text.length + 1) - 1);

type Found = Pick<Statement, 'key' | 'written' | 'quote'> & { readonly length: number };

/** The assignment that `text` begins with; its length includes the end of the line. */
const statementAt = (text: string): Found | undefined => {
  const [start = '', key] = opening.exec(text) ?? [];
  if (key === undefined) return undefined;
  const rest = text.slice(start.length);
  const [all, double, inDouble, single, inSingle] = inQuotes.exec(rest) ?? [];
  if (all === undefined) {
    const line = firstLineOf(rest);
    return { key, written: plainValue(line), quote: '', length: start.length + line.length + 1 };
  }
  const closed = start.length + all.length;
  const end = lineEnd.exec(text.slice(closed))?.[0].length ?? 0;
  return {
    key,
    written: inDouble ?? inSingle ?? '',
    quote: double === undefined ? (single === undefined ? '' : "'") : '"',
    length: closed + end,
  };
};

export function* statementsOf(text: string): Generator<Statement> {
  let rest = text.replace(/^\uFEFF/, '');
  let line = 1;
  while (rest !== '') {
    const found = statementAt(rest);
    const taken = rest.slice(0, found?.length ?? firstLineOf(rest).length + 1);
    const breaks = taken.split('\n').length - 1;
    if (found !== undefined) {
      const { key, written, quote } = found;
      yield { key, written, quote, firstLine: line, lastLine: line + breaks - (taken.endsWith('\n') ? 1 : 0) };
    }
    line += breaks;
    rest = rest.slice(taken.length);
  }
}
