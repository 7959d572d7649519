import type { Detection } from '../detect/detection.ts';
import { type Finding, locationOf } from '../detect/model.ts';
import { type QuestionKey, questions, type RawAnswers } from './questions.ts';

/** Answers that a directory gives itself, with why, as hints of the prompts; `settled`: found, so that nobody need say them. */
export type Defaults = {
  readonly answers: RawAnswers;
  readonly hints: Partial<Readonly<Record<QuestionKey, string>>>;
  readonly settled: ReadonlySet<QuestionKey>;
  readonly detection: Detection | undefined;
};

const hintOf = ({ evidence, confidence }: Finding<unknown>): string => {
  const [first] = evidence;
  return first === undefined
    ? 'nothing in the project says so'
    : `${confidence === 'guess' ? 'a guess, ' : ''}${locationOf(first)}`;
};

type Row = readonly [key: QuestionKey, value: string | undefined, finding: Finding<unknown> | undefined];

const isAnswer = (key: QuestionKey, value: string): boolean => {
  try {
    questions[key].parse(value);
    return true;
  } catch {
    return false;
  }
};

/** What nginx would pass on to the app beside a frontend that it serves itself. */
const pathsOf = ({ frontends, appPaths }: Detection): string | undefined => {
  const [frontend] = frontends;
  const fits = appPaths.filter((path) => isAnswer('apiPaths', path)).slice(0, 20);
  return frontend === undefined || frontend.value.isServedByApp || fits.length === 0 ? undefined : fits.join(',');
};

/** The presets with what was found in their place. A value that no answer may have is left out: the user must say it. */
export const defaultsFrom = (presets: RawAnswers, detection: Detection | undefined): Defaults => {
  if (detection === undefined) return { answers: presets, hints: {}, settled: new Set(), detection };
  const { entry, port, health, migrations, database, python, frontends } = detection;
  const [frontend] = frontends;
  const migrates = migrations !== undefined && migrations.value.notAutomatic === undefined;
  const rows: readonly Row[] = [
    ['appEntry', entry && `${entry.value.entry}${entry.value.isFactory ? '()' : ''}`, entry],
    ['appPort', String(port.value), port],
    ['healthPath', health?.value ?? 'none', health],
    ['migrations', migrates ? 'alembic' : 'none', migrations],
    ['databaseScheme', database?.value.scheme, database],
    ['pythonVersion', python.value, python],
    ['csp', frontend === undefined ? undefined : 'spa', frontend],
    ['apiPaths', pathsOf(detection), frontend],
  ];
  const answers: Record<string, string | undefined> = { ...presets };
  const hints: Partial<Record<QuestionKey, string>> = {};
  const settled = new Set<QuestionKey>();
  for (const [key, value, finding] of rows) {
    if (value === undefined || !isAnswer(key, value)) continue;
    answers[key] = value;
    settled.add(key);
    hints[key] = finding === undefined ? 'nothing in the project says so' : hintOf(finding);
  }
  return { answers: answers as RawAnswers, hints, settled, detection };
};
