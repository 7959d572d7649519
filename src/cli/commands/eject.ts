import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { digest } from '../../base/digest.ts';
import type { Door } from '../../base/door.ts';
import { Refusal } from '../../base/refusal.ts';
import { alters, type Change } from '../../changes/change.ts';
import { lockAfter } from '../../changes/lock.ts';
import { summarize } from '../../changes/report.ts';
import { resume, write } from '../../changes/write.ts';
import { templateOf } from '../../emit/catalogue.ts';
import { slotPath, slotsIn } from '../../emit/slots.ts';
import { find, findAll, projectTemplates } from '../../emit/sources.ts';
import type { Team } from '../../team/team.ts';

const nothing = (problem: string): never => {
  throw new Refusal('There is nothing to eject (nothing was written):', [problem]);
};

// `nginx/nginx.conf` is a template, `nginx/nginx.conf#http` a slot in it, which has no lines yet.
const chosen = ({ catalogue, sources }: Team, word: string, command: string) => {
  const [to = '', slot] = word.replace(/^\.\//, '').split('#', 2);
  const artifact =
    catalogue.find((row) => row.to === to) ??
    nothing(`${to} is no file that we write, for example: ${command} eject nginx/nginx.conf`);
  const { path, text } = find(sources, templateOf(artifact));
  if (slot === undefined) return { path, text };
  const slots = slotsIn(text);
  if (slots.includes(slot)) return { path: slotPath(path, slot), text: '' };
  const [first] = slots;
  return nothing(
    first === undefined
      ? `${to} has no slot for lines of yours; take it whole: ${command} eject ${to}`
      : `${to} has no slot ${slot}; it has ${slots.join(', ')}, for example: ${command} eject ${to}#${first}`,
  );
};

/**
 * Copies the template of a file, or makes one for a slot in it, in the project, to be changed there; the lock notes what it was
 * taken from, so that `check` tells when that has changed.
 */
export const eject = (door: Door, directory: string, team: Team, word: string): number => {
  const { path, text } = chosen(team, word, door.command);
  const to = `${projectTemplates}/${path}`;
  if (existsSync(join(directory, to))) nothing(`${to} is there already: it is the one that is used`);
  resume(directory);
  const [origin] = findAll(team.sources, path);
  const copy: Change = { to, kind: 'state', action: 'create', mode: 0o644, before: '', after: text };
  const ejected = origin === undefined ? {} : { [path]: digest(origin.text) };
  const changes = [copy, lockAfter(directory, [], { ejected })];
  write(directory, changes.filter(alters));
  door.say(summarize(changes).join('\n'));
  door.say(`Change it, then: ${door.command}. What it may do: docs/customising.md`);
  return 0;
};
