import { readTemplate } from './grammar.ts';
import { withSlots } from './slots.ts';
import { find, type Source, type Template } from './sources.ts';

/** One file of a template that is to be rendered, and the line on which it first asks for a path. */
export type Piece = { readonly name: string; readonly paths: ReadonlyMap<string, number> };

export type Assembled = {
  /** Why it cannot be rendered, with file and line. */
  readonly problems: readonly string[];
  readonly source: string;
  readonly pieces: readonly Piece[];
};

/** How a template is called in messages. */
const nameOf = ({ source, path }: Pick<Template, 'source' | 'path'>): string => `${source.name}/${path}`;

/**
 * A template of anybody's with the lines of all sources in its slots. Each file is read on its own, so that what one begins no other one
 * can end; and then the whole again, as that is what EJS gets.
 */
export const assemble = (path: string, sources: readonly Source[], keys: ReadonlySet<string>): Assembled => {
  const template = find(sources, path);
  const { text, from } = withSlots(template, sources);
  const files = [template, ...from].map((file) => ({ name: nameOf(file), ...readTemplate(file.text, keys) }));
  const problems = files.flatMap(({ name, problems }) => problems.map(({ line, what }) => `${name}:${line}: ${what}`));
  if (problems.length > 0) return { problems, source: '', pieces: [] };
  const whole = readTemplate(text, keys);
  const name = `${nameOf(template)}, with the lines in its slots`;
  return {
    problems: whole.problems.map(({ line, what }) => `${name}:${line}: ${what}`),
    source: whole.source,
    pieces: files,
  };
};
