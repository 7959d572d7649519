import { join } from 'node:path';
import { parseAnswers } from '../src/answers.ts';
import { artifacts, modeOf, templateOf } from '../src/artifacts.ts';
import { templatesRoot } from '../src/paths.ts';
import { detectProject } from '../src/project/detect.ts';
import { questionKeys, questions, type RawAnswers } from '../src/questions.ts';
import { keepOrDraw } from '../src/secrets.ts';
import { buildStack } from '../src/stack.ts';

/** What `comicpile --yes` renders in an empty directory, as plain data for a script that does nothing else. */
export const bareInput = () => {
  const raw = Object.fromEntries(questionKeys.map((key) => [key, questions[key].default])) as RawAnswers;
  const answers = parseAnswers(raw);
  const stack = buildStack(answers, detectProject('.', answers), keepOrDraw({ env: '', files: {} }));
  const files = artifacts
    .filter(({ when }) => when === undefined || when(stack))
    .map((artifact) => ({
      from: join(templatesRoot(), templateOf(artifact)),
      to: artifact.to,
      mode: modeOf(artifact),
    }));
  return { stack, files };
};
