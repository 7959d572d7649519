import { join } from 'node:path';
import { parseAnswers } from '../src/answers/parse.ts';
import { defaultAnswers } from '../src/answers/questions.ts';
import { templatesRoot } from '../src/base/packageRoot.ts';
import { applies, artifacts, modeOf, templateOf } from '../src/emit/catalogue.ts';
import { greenfield } from '../src/model/project.ts';
import { keepOrDraw } from '../src/model/secrets.ts';
import { buildStack } from '../src/model/stack.ts';

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
