import { questions } from '../../answers/questions.ts';
import type { Door } from '../../base/door.ts';
import { printable } from '../../base/printable.ts';
import { Refusal } from '../../base/refusal.ts';
import { bold } from '../../base/terminal.ts';
import type { Detection, Told } from '../../detect/detection.ts';
import { lookerAt } from '../../detect/look.ts';
import type { Notice } from '../../detect/model.ts';
import { locationOf } from '../../detect/model.ts';
import { rowsOf, tableOf } from '../../detect/summary.ts';
import type { AnswerSources } from '../pipeline.ts';

const toldBy = ({ appRoot, appEntry }: AnswerSources['flags']): Told => {
  const problems: string[] = [];
  const parsed = (key: 'appRoot' | 'appEntry', raw: string): string => {
    try {
      return String(questions[key].parse(raw));
    } catch (error) {
      problems.push((error as Error).message);
      return '';
    }
  };
  const told = {
    ...(appRoot === undefined || appRoot === questions.appRoot.default ? {} : { root: parsed('appRoot', appRoot) }),
    ...(appEntry === undefined ? {} : { entry: parsed('appEntry', appEntry) }),
  };
  if (problems.length > 0) throw new Refusal('These answers cannot be used (nothing was written):', problems);
  return told;
};

const noticed = ({ id, says, evidence }: Notice): readonly string[] => [
  printable(`  ${id}: ${says}`),
  ...evidence.slice(0, 4).map((each) => printable(`      ${locationOf(each)}  ${each.says}`)),
];

const inWords = (detection: Detection): readonly string[] => [
  bold('Found'),
  ...tableOf(rowsOf(detection)),
  ...(detection.notices.length === 0 ? [] : [bold('To know'), ...detection.notices.flatMap(noticed)]),
  ...(detection.refusals.length === 0 ? [] : [bold('In the way'), ...detection.refusals.flatMap(noticed)]),
  ...(detection.gaps.length === 0
    ? []
    : [bold('Not looked at'), ...detection.gaps.slice(0, 10).map(({ path, why }) => printable(`  ${path}: ${why}`))]),
];

/** `comicpile detect`: says what was found, as a table or as JSON. 0: it can be deployed; 1: something is in the way. */
export const report = async (
  door: Door,
  { directory, flags, json }: Pick<AnswerSources, 'directory' | 'flags'> & { readonly json: boolean },
): Promise<number> => {
  const detection = await lookerAt(directory)(toldBy(flags));
  if (json) door.say(JSON.stringify(detection ?? null, null, 2));
  else if (detection === undefined) door.say('There is no Python project here.');
  else door.say(inWords(detection).join('\n'));
  return detection === undefined || detection.refusals.length > 0 ? 1 : 0;
};
