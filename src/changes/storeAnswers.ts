import { questionKeys, type RawAnswers } from '../answers/questions.ts';
import { owner, parse, storedFile } from '../answers/stored.ts';
import { readText } from '../base/files.ts';
import { type Change, jsonChange } from './change.ts';

/** The change that stores these answers; other generators' entries stay. No secret is ever an answer. */
export const storeAnswers = (directory: string, answers: RawAnswers, ofPacks: readonly string[] = []): Change => {
  const before = readText(directory, storedFile);
  const sorted = Object.fromEntries([...questionKeys, ...ofPacks].map((key) => [key, answers[key]]));
  return jsonChange(storedFile, before, { ...parse(before), [owner]: sorted });
};
