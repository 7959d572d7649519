const path = '[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*';
const allowed = [
  new RegExp(`^<%- ${path} %>$`),
  new RegExp(`^<% if \\(${path}\\) \\{ -%>$`),
  new RegExp(`^<% for \\(const [A-Za-z_]\\w* of ${path}\\) \\{ -%>$`),
  /^<% \} else \{ -%>$/,
  /^<% \} -%>$/,
  /^<%# extra: [a-z]+(?:-[a-z]+)* -%>$/,
];

/**
 * Tags of a template outside the house grammar: print a path, test a ready flag, loop over a list, name a place for lines
 * of a team (src/emit/extras.ts); no call, no comparison, and never `<%=`, which escapes for HTML. Decisions belong to the model.
 */
export const grammarOffences = (template: string): string[] => {
  const tag = /<%[\s\S]*?%>/g;
  const offences = (template.match(tag) ?? []).filter((found) => !allowed.some((form) => form.test(found)));
  // It would begin a tag that ends in what another template puts behind it.
  return template.split(tag).some((text) => text.includes('<%')) ? [...offences, '<% without %>'] : offences;
};

// Somebody else's text on the user's terminal.
const shown = (tag: string): string =>
  (tag.length > 100 ? `${tag.slice(0, 96)}...` : tag).replace(/[^\x20-\x7e]+/g, ' ');

/** Why the template is code, in words; undefined where it is none. */
export const codeIn = (template: string): string | undefined => {
  const offences = grammarOffences(template);
  return offences.length === 0 ? undefined : `not in the template grammar: ${offences.map(shown).join(' ')}`;
};
