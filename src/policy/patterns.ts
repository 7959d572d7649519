/**
 * Paths as patterns of nginx, which are held against the path as it is once decoded: `%0a` in it is a line break, and there `$`
 * matches before its end and `.` does not match at all. So neither is used (src/emit/promises/patternsWhole.ts).
 */

/**
 * Where a word ends: before all but what can go on in a name. A router may take `/login%0a` or `/login;x` for `/login`; it does
 * not take `/login-design` or `/login.css` for it. https://docs.python.org/3/library/re.html has `$` as nginx has.
 */
export const wordEnd = '(?![\\w.~-])';

/** A path as it is written: of its characters, the dot alone means something in a pattern. */
export const literal = (path: string): string => path.replaceAll('.', '\\.');

/** `sign-in` as `signin` and `sign_in` too. */
const written = (word: string): string => word.replaceAll('-', '[-_]?');

/** Any of these words, each a whole segment of a path. */
export const anyWord = (words: readonly string[]): string => `/(?:${words.map(written).join('|')})${wordEnd}`;
