import { artifacts } from '../artifacts.ts';
import type { Door } from '../door.ts';
import { readLock } from '../lock.ts';
import { Refusal } from '../refusal.ts';
import { render } from '../render.ts';
import { yellow } from '../terminal.ts';
import { verify } from '../verify.ts';
import { isBehind, overridesIn } from './overrides.ts';
import { sampleStacks } from './samples.ts';
import { projectTemplates, sourcesOf } from './sources.ts';

/** Where each file comes from that is not built in, and whether what it was taken from has moved on. */
export const list = (door: Door, directory: string): number => {
  const { templates } = readLock(directory);
  const overrides = overridesIn(directory);
  for (const override of overrides) {
    const { artifact, template } = override;
    const notes = [
      artifact === undefined ? 'no file of ours has this template: it does nothing' : '',
      isBehind(override, templates) ? 'what it was taken from has changed: comicpile diff shows how' : '',
    ].filter((note) => note !== '');
    door.say(
      `${artifact?.to ?? '-'}  ${projectTemplates}/${template.path}${notes.map((note) => yellow(`  (${note})`)).join('')}`,
    );
  }
  door.say(`${artifacts.length - overrides.filter(({ artifact }) => artifact).length} templates are built in`);
  return 0;
};

/** Renders all of it for one sample after the other, and runs every rule on the result. Returns 0 or 1. */
export const checkTemplates = (door: Door, directory: string): number => {
  const sources = sourcesOf(directory);
  const problems = new Map<string, string[]>();
  for (const [name, stack] of Object.entries(sampleStacks())) {
    try {
      verify(render(artifacts, stack, sources), stack);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      for (const problem of error.problems) problems.set(problem, [...(problems.get(problem) ?? []), name]);
    }
  }
  for (const [problem, names] of problems) door.say(`${problem}; with the samples ${names.join(', ')}`);
  const count = overridesIn(directory).length;
  if (problems.size === 0) door.say(`${count} template${count === 1 ? '' : 's'} of your own keep every promise`);
  return problems.size > 0 ? 1 : 0;
};
