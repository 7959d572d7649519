import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { detected } from '../src/answers/appValues.ts';
import { parseAnswers } from '../src/answers/parse.ts';
import { type Answers, defaultAnswers, type RawAnswers } from '../src/answers/questions.ts';
import type { Door } from '../src/base/door.ts';
import type { Change } from '../src/changes/change.ts';
import { commandsOf } from '../src/cli/door.ts';
import { detect } from '../src/detect/runtimes.ts';
import { viewOf } from '../src/detect/view.ts';
import { artifacts } from '../src/emit/catalogue.ts';
import { render } from '../src/emit/render.ts';
import type { RenderedFile } from '../src/emit/renderedFile.ts';
import { greenfield, type Project } from '../src/model/project.ts';
import { projectFrom } from '../src/model/projectFrom.ts';
import { type Secrets, secretNames } from '../src/model/secrets.ts';
import { buildStack, type Stack } from '../src/model/stack.ts';

// Nothing of a test is kept in the home of who runs it.
process.env.XDG_STATE_HOME ??= mkdtempSync(join(tmpdir(), 'comicpile-state-'));

/** Secrets of the right shape that say in every diff that they are not real. */
export const fixedSecrets = Object.fromEntries(
  secretNames.map((name) => [name, `golden-${name.toLowerCase().replaceAll('_', '-')}-`.padEnd(43, '0')]),
) as Secrets;

export const rawAnswers = (given: Partial<RawAnswers> = {}): RawAnswers => ({
  ...defaultAnswers,
  domain: 'app.example.test',
  // As src/answers/gather.ts bends it.
  ...(given.app === 'existing' ? { secrets: 'env' } : {}),
  ...given,
});

/** `projectOf` of src/cli/pipeline.ts, at once. */
export const projectIn = (directory: string, answers: Answers): Project => {
  if (answers.app === 'new') return greenfield;
  const root = answers.appRoot === detected ? {} : { root: answers.appRoot };
  return projectFrom(answers, detect(viewOf(directory), { ...root, entry: answers.appEntry }));
};

export const stackOf = (given: Partial<RawAnswers> = {}, directory = tmpdir()): Stack => {
  const answers = parseAnswers(rawAnswers(given));
  return buildStack(answers, projectIn(directory, answers), fixedSecrets);
};

export const renderAll = (stack: Stack): readonly RenderedFile[] => render(artifacts, stack);

/** The rendered set with one file's text changed: what a rule must notice. */
export const spoil = (files: readonly RenderedFile[], to: string, edit: (text: string) => string): RenderedFile[] =>
  files.map((file) => (file.artifact.to === to ? { ...file, text: edit(file.text) } : file));

/** A change of a plan: by default the creation of an empty file of ours. */
export const changeOf = (given: Partial<Change>): Change => ({
  to: 'file',
  kind: 'file',
  action: 'create',
  mode: 0o644,
  before: '',
  after: '',
  ...given,
});

/** A folder with these files: path → text. */
export const folderWith = (files: Readonly<Record<string, string>>): string => {
  const directory = scratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
};

export const scratch = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'comicpile-')));

/** A door without a terminal that keeps what it was told to say. */
export const silentDoor = (): Door & { readonly said: string[] } => {
  const said: string[] = [];
  return {
    said,
    interactive: false,
    run: commandsOf('comicpile'),
    say: (line) => said.push(line),
    prompt: () => Promise.reject(new Error('nobody to ask')),
  };
};
