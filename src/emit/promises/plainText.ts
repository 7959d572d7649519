import type { Promised } from './promised.ts';

/** Text as tools expect it: no template tag left, no CR, a final newline, and a shebang where it is to be run. */
export const plainText: Promised = ({ files }) =>
  files.flatMap(({ artifact, text }) => {
    const offences = [
      [/<%|%>/.test(text), 'has a template tag left'],
      [text.includes('\r'), 'has a carriage return'],
      [text !== '' && !text.endsWith('\n'), 'does not end with a newline'],
      [/[^\S\n]$/m.test(text), 'has trailing white space'],
      [artifact.kind === 'script' && !text.startsWith('#!'), 'is a script without a shebang'],
    ] as const;
    return offences.filter(([wrong]) => wrong).map(([, what]) => `${artifact.to} ${what}`);
  });
