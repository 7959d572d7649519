import { digest } from '../../base/digest.ts';
import type { Door } from '../../base/door.ts';
import { isThere } from '../../base/files.ts';
import { misuse } from '../../base/refusal.ts';
import { didYouMean } from '../../base/similar.ts';
import { yellow } from '../../base/terminal.ts';
import { alters, type Change } from '../../changes/change.ts';
import { lockAfter } from '../../changes/lock.ts';
import { summarize } from '../../changes/report.ts';
import { resume, write } from '../../changes/write.ts';
import { templateOf } from '../../emit/catalogue.ts';
import { slotPath, slotsIn } from '../../emit/slots.ts';
import { find, findAll, projectTemplates } from '../../emit/sources.ts';
import { agreedHere } from '../../team/agreed.ts';
import { templateDigest } from '../../team/consent.ts';
import type { Team } from '../../team/team.ts';
import { namedTeam } from '../pipeline.ts';
import type { Request } from '../request.ts';
import { named } from './named.ts';

const nothing = (problem: string): never => {
  throw misuse([problem]);
};

// `nginx/nginx.conf` is a template, `nginx/nginx.conf#http` a slot in it, which has no lines yet.
const chosen = ({ catalogue, sources }: Team, word: string, from: string, door: Door) => {
  const [path = '', slot] = word.split('#', 2);
  const to = named(
    path,
    from,
    catalogue.map((row) => row.to),
    door,
  );
  const artifact = catalogue.find((row) => row.to === to) ?? nothing(`${to} has no template`);
  const template = find(sources, templateOf(artifact));
  if (slot === undefined) return { path: template.path, text: template.text };
  const slots = slotsIn(template.text);
  if (slots.includes(slot)) return { path: slotPath(template.path, slot), text: '' };
  if (slots.length === 0)
    return nothing(`${to} has no slot for lines of yours; take it whole: ${door.run(`eject ${to}`)}`);
  const example = didYouMean(slot, slots) || ` For example: ${door.run(`eject ${to}#${slots[0]}`)}`;
  return nothing(`${to} has no slot ${JSON.stringify(slot)}; it has ${slots.join(', ')}.${example}`);
};

/**
 * Copies the template of a file, or makes one for a slot in it, in the project, to be changed there; the lock notes what it was
 * taken from, so that `check` tells when that has changed.
 */
export const eject = async (door: Door, request: Request, word: string): Promise<number> => {
  const { directory, from } = request;
  const team = await namedTeam(request);
  const { path, text } = chosen(team, word, from, door);
  const to = `${projectTemplates}/${path}`;
  if (isThere(directory, to)) nothing(`${to} is there already: it is the one that is used`);
  resume(directory, (line) => door.say(yellow(line)));
  const [origin] = findAll(team.sources, path);
  const copy: Change = { to, kind: 'state', action: 'create', mode: 0o644, before: '', after: text };
  const ejected = origin === undefined ? {} : { [path]: digest(origin.text) };
  const changes = [copy, lockAfter(directory, [], { ejected })];
  write(directory, changes.filter(alters));
  // What the user has just made needs no question; what it becomes does.
  agreedHere(directory).keep({ [templateDigest(path, text)]: `ejected in ${directory}` });
  door.say(summarize(changes).join('\n'));
  door.say(`Change it, then: ${door.run()}. What it may do: docs/customising.md`);
  return 0;
};
