import { findAll, type Source, type Template } from './sources.ts';

/**
 * A slot: a line of a template where teams put lines of theirs; the name is one in its template. The lines get the
 * indentation of the tag. The tag and the folder are called `extra`, as users have them in their files.
 */
const slot = /^([ \t]*)<%# extra: ([a-z]+(?:-[a-z]+)*) -%>\n/gm;

/** `nginx/nginx.conf.ejs` and `http` → `nginx/nginx.conf.extra/http.ejs`. */
export const slotPath = (template: string, name: string): string =>
  `${template.replace(/\.ejs$/, '')}.extra/${name}.ejs`;

/** The names of the slots in a template. */
export const slotsIn = (text: string): readonly string[] => [...text.matchAll(slot)].map((match) => match[2] ?? '');

const indented = (text: string, by: string): string => `${text.replace(/\n$/, '')}\n`.replace(/^(?=.)/gm, by);

/**
 * The template with the lines of all sources in its slots, the packs' first, in the reverse of their order, the project's
 * last, as the last word often counts; and the templates that they came from.
 */
export const withSlots = (
  template: Template,
  sources: readonly Source[],
): { readonly text: string; readonly from: readonly Template[] } => {
  const from: Template[] = [];
  const text = template.text.replace(slot, (_, indent: string, name: string) => {
    const lines = [...findAll(sources, slotPath(template.path, name))].reverse();
    from.push(...lines);
    return lines.map((each) => indented(each.text, indent)).join('');
  });
  return { text, from };
};
