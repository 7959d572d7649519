import { join } from 'node:path';
import { parseAnswers } from '../src/answers.ts';
import { applies, artifacts, modeOf, templateOf } from '../src/artifacts.ts';
import { templatesRoot } from '../src/paths.ts';
import { greenfield } from '../src/project/project.ts';
import { defaultAnswers } from '../src/questions.ts';
import { keepOrDraw } from '../src/secrets.ts';
import { buildStack } from '../src/stack.ts';

/** What `comicpile --yes` renders in an empty directory, as plain data for a script that does nothing else. */
export const bareInput = () => {
  const answers = parseAnswers(defaultAnswers);
  const stack = buildStack(answers, greenfield, keepOrDraw({ env: '', files: {} }));
  const files = artifacts.filter(applies(stack)).map((artifact) => ({
    from: join(templatesRoot(), templateOf(artifact)),
    to: artifact.to,
    mode: modeOf(artifact),
  }));
  return { stack, files };
};
