const most = 300;

/** Text of somebody else's file as an offence quotes it: printable, on one line, and not too long for a terminal. */
export const shown = (text: string, length = most): string => {
  const cut = text.length > length ? `${text.slice(0, length - 1)}…` : text;
  return cut.replace(/[^\x20-\x7e\xa0-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ud7ff\uf900-\ufdff]/gu, '?');
};
