import { presetsOf } from '../../answers/questions.ts';
import type { Door } from '../../base/door.ts';
import { optimize } from '../../base/optimizer.ts';
import { printable } from '../../base/printable.ts';
import { Refusal } from '../../base/refusal.ts';
import { yellow } from '../../base/terminal.ts';
import { readLock } from '../../changes/lock.ts';
import { templateOf } from '../../emit/catalogue.ts';
import { verify } from '../../emit/promises/verify.ts';
import { render } from '../../emit/render.ts';
import { slotPath, slotsIn } from '../../emit/slots.ts';
import { find, findAll, projectTemplates } from '../../emit/sources.ts';
import { packAnswers } from '../../team/answers.ts';
import { isBehind, overridesIn } from '../../team/overrides.ts';
import { sampleStacks } from '../../team/samples.ts';
import type { Team } from '../../team/team.ts';
import { namedTeam, teamFor } from '../pipeline.ts';
import type { Request } from '../request.ts';

/** Where the template of each file comes from, and the lines that are added to it; what has moved on, or does nothing. */
export const list = async (door: Door, request: Request): Promise<number> => {
  const { directory } = request;
  const team = await namedTeam(request);
  const { templates } = readLock(directory);
  const overrides = overridesIn(team);
  const behind = new Set(
    overrides.filter((override) => isBehind(override, templates)).map(({ template }) => template.path),
  );
  for (const artifact of team.catalogue) {
    const used = find(team.sources, templateOf(artifact));
    const lines = slotsIn(used.text).flatMap((name) =>
      findAll(team.sources, slotPath(used.path, name)).map(({ source }) => `, #${name} of ${source.name}`),
    );
    const isMoved = used.source.name === projectTemplates && behind.has(used.path);
    door.say(
      `${artifact.to}  ${used.source.name}${lines.join('')}${isMoved ? yellow('  (what it was taken from has changed)') : ''}`,
    );
  }
  for (const { template } of overrides.filter(({ artifact }) => artifact === undefined)) {
    door.say(
      yellow(`${projectTemplates}/${printable(template.path)} does nothing: no file of ours has this template or slot`),
    );
  }
  return 0;
};

/** Renders all of it for one sample after the other, and looks at every promise of the result. Returns 0 or 1. */
export const checkTemplates = async (door: Door, request: Request): Promise<number> =>
  checkedTemplates(door, await teamFor(door, { ...request, writes: false }));

const checkedTemplates = (door: Door, team: Team): number => {
  optimize(true);
  const { packs, policy, questions, catalogue, sources, promises } = team;
  const problems = new Map<string, string[]>();
  const answered = packAnswers(packs, questions, presetsOf(questions));
  const overrides = overridesIn(team);
  for (const [name, stack] of Object.entries(sampleStacks({ policy, packs: answered }))) {
    try {
      verify(render(catalogue, stack, sources), stack, promises);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      for (const problem of error.problems) problems.set(problem, [...(problems.get(problem) ?? []), name]);
    }
  }
  for (const { template, artifact } of overrides) {
    if (artifact === undefined) problems.set(`${projectTemplates}/${template.path} does nothing`, ['of all']);
  }
  for (const [problem, names] of problems) door.say(`${printable(problem, 600)}; with the samples ${names.join(', ')}`);
  if (problems.size > 0) return 1;
  const count = overrides.length;
  const own = `${count} template${count === 1 ? '' : 's'} of the project`;
  const ofPacks = packs.map(({ name, version }) => `, the pack ${name} ${version}`).join('');
  door.say(`${own}${ofPacks}: every promise is kept`);
  return 0;
};
