import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { artifacts, templateOf } from '../artifacts.ts';
import type { Door } from '../door.ts';
import { digest, lockAfter } from '../lock.ts';
import { alters, type Change } from '../plan.ts';
import { Refusal } from '../refusal.ts';
import { summarize } from '../report.ts';
import { resume, write } from '../write.ts';
import { find, projectTemplates, sourcesOf } from './sources.ts';

/**
 * Copies the template of a file into the project, to be changed there; the lock notes what it was taken from, so that `check`
 * tells when that has changed.
 */
export const eject = (door: Door, directory: string, file: string): number => {
  const name = file.replace(/^\.\//, '');
  const artifact = artifacts.find(({ to }) => to === name);
  const path = artifact === undefined ? '' : templateOf(artifact);
  const to = `${projectTemplates}/${path}`;
  const problems: string[] = [];
  if (artifact === undefined)
    problems.push(`${name} is no file that we write, for example: ${door.command} eject nginx/nginx.conf`);
  else if (existsSync(join(directory, to))) problems.push(`${to} is there already: it is the one that is used`);
  if (problems.length > 0) throw new Refusal('There is nothing to eject (nothing was written):', problems);
  resume(directory);
  const { text } = find(sourcesOf(directory), path);
  const copy: Change = { to, kind: 'state', action: 'create', mode: 0o644, before: '', after: text };
  const changes = [copy, lockAfter(directory, [], { [path]: digest(text) })];
  write(directory, changes.filter(alters));
  door.say(summarize(changes).join('\n'));
  door.say(`Change it, then: ${door.command}. What it may do: docs/customising.md`);
  return 0;
};
