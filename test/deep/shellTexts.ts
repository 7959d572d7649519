import fc from 'fast-check';

/** Text as somebody writes it who hopes that a script computes it, runs it, or prints it. CANARY is a file that must not come to be. */
export const hostileTexts = (canary: string): readonly string[] => [
  `a[$(touch ${canary})]`,
  `x[$(id>${canary})]`,
  `1+UID[$(id>${canary})]`,
  `\nsize\t+UID[$(id>${canary})]`,
  `$(touch ${canary})`,
  `\`touch ${canary}\``,
  `'; touch ${canary}; '`,
  `"; touch ${canary}; "`,
  `x\n\\! touch ${canary}`,
  `|touch ${canary}`,
  `e touch ${canary}`,
  `-exec touch ${canary} ;`,
  '\u001b[31m\u001b]0;title\u0007',
  '\u009b31m',
  '\u202e',
  '99999999999999999999999999',
  '9223372036854775808',
  '08',
  '-1',
  '0x10',
  '10#9',
  '1 2',
  ' 1',
  '1\n',
  '1;2',
  'UID',
  '',
  '*',
  '../../etc/passwd',
  '--help',
  '%s%n',
  '\\x41',
];

/** Random text that no shell can hold in full, and pieces of what is above with it. */
export const anyText = (canary: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...hostileTexts(canary)),
    fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll('\0', '')),
    fc
      .tuple(
        fc.constantFrom(...hostileTexts(canary)),
        fc.string({ maxLength: 8 }).map((text) => text.replaceAll('\0', '')),
      )
      .map(([one, other]) => one + other),
  );
