import { findAll, type Source, type Template } from './sources.ts';

/**
 * A place in a template, on a line of its own, where teams put lines of theirs; the name is one in its template. The lines
 * get the indentation of the tag.
 */
const place = /^([ \t]*)<%# extra: ([a-z]+(?:-[a-z]+)*) -%>\n/gm;

/** `nginx/nginx.conf.ejs` and `http` → `nginx/nginx.conf.extra/http.ejs`. */
export const extraPath = (template: string, name: string): string =>
  `${template.replace(/\.ejs$/, '')}.extra/${name}.ejs`;

/** The names of the places in a template. */
export const extrasIn = (text: string): readonly string[] => [...text.matchAll(place)].map((match) => match[2] ?? '');

const indented = (text: string, by: string): string => `${text.replace(/\n$/, '')}\n`.replace(/^(?=.)/gm, by);

/**
 * The template with the lines of all sources in its places, the packs' first, in the reverse of their order, the project's
 * last, as the last word often counts; and the templates that they came from.
 */
export const withExtras = (
  template: Template,
  sources: readonly Source[],
): { readonly text: string; readonly from: readonly Template[] } => {
  const from: Template[] = [];
  const text = template.text.replace(place, (_, indent: string, name: string) => {
    const extras = [...findAll(sources, extraPath(template.path, name))].reverse();
    from.push(...extras);
    return extras.map((extra) => indented(extra.text, indent)).join('');
  });
  return { text, from };
};
