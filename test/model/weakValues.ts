import fc from 'fast-check';
import { draw } from '../../src/model/secrets.ts';

const strong = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq';

/** Values with the reason why each is no production secret; undefined: it is one. */
export const judged: readonly (readonly [value: string, reason: string | undefined])[] = [
  ['', 'is missing'],
  [strong, undefined],
  [strong.slice(1), 'is shorter than 43 characters'],
  [`${strong}/`, 'has characters besides letters, digits, - and _, which break a URL'],
  [`${strong} x`, 'has characters besides letters, digits, - and _, which break a URL'],
  [`${strong}$x`, 'has characters besides letters, digits, - and _, which break a URL'],
  [`${strong}é`, 'has characters besides letters, digits, - and _, which break a URL'],
  [`${strong}-CHANGE_ME`, 'is a placeholder'],
  [`${strong}changeit`, 'is a placeholder'],
  [`replace-this-${strong}`, 'is a placeholder'],
  [`my-super-Secret-key-${strong}`, 'is a placeholder'],
  ['local-development-only-placeholder-not-a-secret', 'is a placeholder'],
  ['0123456789a'.repeat(4), 'has fewer than 12 different characters'],
  ['0123456789abcdef'.repeat(4), undefined],
  ['a'.repeat(43), 'has fewer than 12 different characters'],
];

/** The same and many more: random text, draws that were edited, words of placeholders in them. One line each. */
export const corpus = (): string[] => {
  const line = (text: string) => text.replace(/[\0\r\n\s]/g, '_');
  const alphabets = ['ab', '0123456789abc', 'abcdefghijkl-_', 'ABCxyz019-_/+=.~%$ "\'é'];
  const random = alphabets.flatMap((alphabet) =>
    fc.sample(fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 60 }), 60),
  );
  const words = ['change-me', 'ChangeThis', 'passWord', 'Example', 'localXonly', 'secre', 'defaul', 'INSECURE'];
  const edited = words.map((word) => draw(32).slice(0, 20) + word + draw(32).slice(0, 30));
  const drawn = Array.from({ length: 100 }, () => draw(32));
  return [...judged.map(([value]) => value), ...random, ...fc.sample(fc.string(), 50), ...edited, ...drawn].map(line);
};
