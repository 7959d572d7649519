import { printable } from '../base/printable.ts';
import { blocksOver, type Form, type Problem } from './blocks.ts';
import { bounds } from './bounds.ts';
import { tagsOf } from './tags.ts';

/** What the one reader of templates says of a text. */
export type Reading = {
  /** Why it may not be rendered; nothing: it may. */
  readonly problems: readonly Problem[];
  /** The same template for EJS, with look-ups in the place of its paths; only without a problem. */
  readonly source: string;
  /** The paths that it asks the model for, and the line of the first tag that does. */
  readonly paths: ReadonlyMap<string, number>;
};

const name = '[A-Za-z_]\\w*';
const path = `${name}(?:\\.${name})*`;
const forms: Readonly<Record<Form, RegExp>> = {
  print: new RegExp(`^<%- (?<path>${path}) %>$`),
  test: new RegExp(`^<% if \\((?<path>${path})\\) \\{ -%>$`),
  each: new RegExp(`^<% for \\(const (?<name>${name}) of (?<path>${path})\\) \\{ -%>$`),
  otherwise: /^<% \} else \{ -%>$/,
  end: /^<% \} -%>$/,
  slot: /^<%# extra: [a-z]+(?:-[a-z]+)* -%>$/,
};

const formOf = (tag: string): readonly [Form, Readonly<Record<string, string>>] | undefined => {
  for (const [form, pattern] of Object.entries(forms)) {
    const match = pattern.exec(tag);
    if (match !== null) return [form as Form, match.groups ?? {}];
  }
  return undefined;
};

const sizeProblems = (template: string): readonly Problem[] => {
  const { characters, blanks } = bounds;
  if (template.length > characters) return [{ line: 1, what: `it has more than ${characters} characters` }];
  for (const { 0: run, index } of template.matchAll(/[ \t]+/g)) {
    if (run.length <= blanks) continue;
    return [{ line: template.slice(0, index).split('\n').length, what: `it has more than ${blanks} blanks in a row` }];
  }
  return [];
};

const byLine = (problems: readonly Problem[]): readonly Problem[] =>
  [...problems].sort((one, other) => one.line - other.line);

/**
 * THE reader of templates: ours, those of a project and of packs, and the lines in their slots, each file on its own. It knows
 * six tags: print a path of the model, take one or the other by a flag, loop over a list, and name a slot (slots.ts); no
 * call, no comparison, and never `<%=`, which escapes for HTML. Decisions belong to the model, whose own keys are `keys`.
 */
export const readTemplate = (template: string, keys: ReadonlySet<string>): Reading => {
  const refused = (problems: readonly Problem[]): Reading => ({ problems, source: '', paths: new Map() });
  const tooMuch = sizeProblems(template);
  if (tooMuch.length > 0) return refused(tooMuch);
  const { tags, rest, strays } = tagsOf(template);
  const outside: Problem[] = [...strays];
  const blocks = blocksOver(keys);
  const source = tags.map((tag) => {
    const found = formOf(tag.text);
    if (found !== undefined) return tag.before + blocks.take(tag, ...found);
    outside.push({ line: tag.line, what: `${printable(tag.text, 100)} is not in the grammar of templates` });
    return '';
  });
  const { missing, unpaired, paths } = blocks.ended();
  // A tag that is not understood may have opened a block, or closed one.
  const problems = [...outside, ...missing, ...(outside.length > 0 ? [] : unpaired)];
  return problems.length > 0 ? refused(byLine(problems)) : { problems, source: source.join('') + rest, paths };
};
