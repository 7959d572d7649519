import type { Question } from '../answers/questions.ts';
import { oneOf, type Parse } from '../answers/values.ts';
import { kinds, onOff } from './kinds.ts';
import type { PackQuestion } from './manifest.ts';
import type { Pack } from './pack.ts';

/** Under what an answer to a pack stands in .yo-rc.json: `acme` and `team` give `acmeTeam`. */
export const answerKey = (id: string, name: string): string => `${id}${name[0]?.toUpperCase()}${name.slice(1)}`;

const choiceOf =
  (choices: readonly string[]): Parse<unknown> =>
  (raw) => {
    const value = oneOf(...choices)(raw);
    return { value, is: Object.fromEntries(choices.map((choice) => [choice, choice === value])) };
  };

const parseOf = ({ kind, choices = [] }: PackQuestion): Parse<unknown> =>
  kind === 'choice' ? choiceOf(choices) : kinds[kind];

const questionOf = (question: PackQuestion): Question => {
  const { message, help = '', kind, default: preset } = question;
  const choices = kind === 'switch' ? onOff : question.choices;
  return {
    group: 'packs',
    message,
    help,
    default: preset,
    parse: parseOf(question),
    ...(choices === undefined ? {} : { choices }),
  };
};

/** The questions of packs, by the key of their answer; what is wrong with one is said. */
export const questionsOf = (
  packs: readonly Pack[],
  say: (pack: Pack, problem: string) => void,
): Readonly<Record<string, Question>> => {
  const all: Record<string, Question> = {};
  for (const pack of packs) {
    for (const [name, row] of Object.entries(pack.manifest.questions ?? {})) {
      const key = answerKey(pack.manifest.id, name);
      const question = questionOf(row);
      if ((row.kind === 'choice') !== (row.choices !== undefined)) {
        say(pack, `questions.${name}: kind choice has choices, and no other kind has, for example ["gold", "silver"]`);
      } else {
        try {
          question.parse(row.default);
        } catch (error) {
          say(pack, `questions.${name}.default: ${(error as Error).message}`);
        }
      }
      if (Object.hasOwn(all, key)) say(pack, `questions.${name}: ${key} is asked by another pack already`);
      all[key] = question;
    }
  }
  return all;
};

/** What was answered to packs, as templates see it: by the id of the pack, then by the name of the question. */
export const packAnswers = (
  packs: readonly Pack[],
  questions: Readonly<Record<string, Question>>,
  raw: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  Object.fromEntries(
    packs.map(({ manifest: { id, questions: asked = {} } }) => [
      id,
      Object.fromEntries(
        Object.keys(asked).map((name) => {
          const key = answerKey(id, name);
          return [name, questions[key]?.parse(raw[key] ?? '')] as const;
        }),
      ),
    ]),
  );
