// Control and format characters (escape sequences begin with one, the text behind another runs backwards, others have no width),
// halves of characters, what ends a line in some programs only, and blanks that are none of ASCII.
const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

// As JSON and Python write it, so that a text of JSON says the same afterwards.
const spelt = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** What a name, or a part of a file, may be long on a terminal. */
const most = 300;

/** A text of somebody else's on one line of a terminal: nothing in it is a command, is hidden, or begins another line. */
export const printable = (text: string, length = most): string => {
  const cut = text.length > length ? `${text.slice(0, length - 1)}…` : text;
  return cut.replace(unprintable, spelt);
};

// What src/base/terminal.ts writes, and the ends of lines: `\r` is one only before `\n`.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for.
const ours = /\u001b\[(?:1|2|22|31|32|33|39)m|\r(?=(?:\u001b\[(?:22|39)m)*(?:\n|$))|[\n\t]/g;

/** All that is said in one message, of several lines, with our own colours: nothing else in it is a command to a terminal. */
export const printableLines = (text: string): string => {
  let done = '';
  let from = 0;
  for (const { index, 0: kept } of text.matchAll(ours)) {
    done += text.slice(from, index).replace(unprintable, spelt) + kept;
    from = index + kept.length;
  }
  return done + text.slice(from).replace(unprintable, spelt);
};
