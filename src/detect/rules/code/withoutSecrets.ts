import type { Evidence } from '../../model.ts';
import { evidenceAt } from '../../read/paths.ts';
import type { View } from '../../view.ts';

const secretWord =
  /passw(?:or)?d|secret|token|credential|(?:^|_)(?:dsn|pass|pwd|salt|creds)(?:_|$)|(?:^|_)key(?:s|_|$)/i;
// What only tells of a secret: how long it lives, how it is called, and what is public by its nature.
const aboutSecrets =
  /_(?:minutes|seconds|hours|days|ttl|expires?(?:_in)?|expiry|expiration|lifetime|length|size|algorithm|algo|prefix|name|header|url|uri|type|file|path|rounds|count|limit|enabled|max_age|lifespan)$|public_key|max_tokens|^(?:enable|use|debug|max|min)_/i;

/** Whether a variable of this name holds what must not be shown. */
export const isSecretName = (name: string): boolean => secretWord.test(name) && !aboutSecrets.test(name);

/** A URL without what stands before `@`. */
export const withoutUser = (text: string): string => text.replace(/:\/\/[^\s"']{0,10000}@/g, '://');

const literal = /([bfru]{0,2})("""|'''|"|')((?:\\[\s\S]|(?!\2)[^\\])*\\?)(\2|$)/gi;
// What is shown of a line is shorter; patterns take their time for a long one.
const most = 1000;

/** A line of code without the values that may be secrets: names and the schemes of URLs stay. */
export const withoutValues = (whole: string, name: string): string => {
  const line = whole.slice(0, most);
  const isSecret = isSecretName(name) || /passw(?:or)?d|secret|token|credential|api_?key|:\/\/[^\s"']*@/i.test(line);
  if (!isSecret) return line;
  const hidden = line.replace(literal, (all, prefix: string, quote: string, inner: string) => {
    if (inner === '' || inner.toLowerCase() === name.toLowerCase()) return all;
    const [scheme = ''] = /^[a-z][a-z0-9+]*:\/\//i.exec(inner) ?? [];
    return `${prefix}${quote}${scheme}…${quote}`;
  });
  // A comment may hold the value of yesterday; a number is a value without quotes.
  return hidden.replace(/\s+#.*$/, '').replace(/([=,(]\s*)-?\d[\w.]*/g, '$1…');
};

/** A line of the project that shows that a variable is read, without its value. */
export const readAt = (view: View, file: string, line: number, name: string): Evidence =>
  evidenceAt(file, line, withoutValues(view.read(file)?.split('\n')[line - 1] ?? '', name));
