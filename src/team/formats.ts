/** A regular expression as promises of packs have them. */
const isRegex = (text: string): boolean => {
  try {
    return new RegExp(text, 'm') !== undefined;
  } catch {
    return false;
  }
};

/** What the schemas mean by `format`. */
export const formats = { regex: isRegex };
