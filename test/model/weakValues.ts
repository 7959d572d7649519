import fc from 'fast-check';
import { draw } from '../../src/model/secrets.ts';
import { casesOf } from '../cases/languages.ts';

/** Values with the reason why each is no production secret; null: it is one. */
export const judged = casesOf<{ readonly name: string; readonly value: string; readonly reason: string | null }>(
  'strength',
);

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
  return [...judged.map(({ value }) => value), ...random, ...fc.sample(fc.string(), 50), ...edited, ...drawn].map(line);
};
