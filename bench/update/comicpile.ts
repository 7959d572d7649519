import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contestant } from './contestant.ts';
import { writeAll } from './files.ts';
import { finds, holdsLines, isUpdated } from './outcome.ts';
import { changedByRelease, lineOfRelease, packOf, releaseWithPacks } from './packs.ts';
import { sizedName, values, workload } from './workload.ts';
import type { Workshop } from './workshop.ts';

/** What a user has made of a project of the first release, and what must be there after the update. */
type Task = {
  readonly name: (verb: string) => string;
  readonly flags: readonly string[];
  readonly edited: (directory: string) => Readonly<Record<string, string>>;
  readonly prove: (directory: string) => void;
};

const lineOfUser = '# By the user.\n';
const changedByUser = ['docker-compose.prod.yml', 'nginx/nginx.conf', 'nginx/sites/site.conf', 'docker-compose.yml'];
// The user too has a line more at the end.
const conflicting = 'ops.mk';

const textIn = (directory: string, path: string): string => readFileSync(join(directory, path), 'utf8');

/** What everyone has: our own files, five changed by the release and five by the user, one conflict. */
const ownTask: Task = {
  name: (verb) => `comicpile ${verb}`,
  flags: [],
  edited: (directory) => ({
    ...Object.fromEntries(
      changedByUser.map((path) => [path, textIn(directory, path).replace('\n', `\n${lineOfUser}`)]),
    ),
    [conflicting]: textIn(directory, conflicting) + lineOfUser,
  }),
  prove: (directory) => {
    const prove = (path: string, line: string): void =>
      holdsLines(textIn(directory, path), [line], path === conflicting, path);
    for (const path of changedByRelease) prove(path, lineOfRelease);
    for (const path of [...changedByUser, conflicting]) prove(path, lineOfUser);
  },
};

/** The workload of the others, as a pack: so many files beside our own. */
const packTask = (count: number): Task => ({
  name: (verb) => sizedName(`comicpile ${verb}`, count),
  flags: ['--packs', packOf(count), '--trust'],
  edited: () => Object.fromEntries(workload(count).map(({ to, yours }) => [to, yours])),
  prove: isUpdated(workload(count)),
});

const filesOf = (project: string): number =>
  readdirSync(project, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !/\/\.(?:git|comicpile)(?:\/|$)/.test(entry.parentPath),
  ).length;

/** The commands that a user has, as they are: with our own files alone, and with packs of these numbers of files. */
export const comicpile = (workshop: Workshop, counts: readonly number[]): readonly Contestant[] => {
  const [first, second] = [releaseWithPacks(workshop, 1, counts), releaseWithPacks(workshop, 2, counts)];
  const command = (bin: string, ...args: readonly string[]) => [process.execPath, bin, ...args];
  const answers = ['--yes', '--skip-install', '--domain', values.domain, '--app-name', values.name];

  return [ownTask, ...counts.map(packTask)].flatMap(({ name, flags, edited, prove }): Contestant[] => {
    const generated = (bin: string, kind: string): string => {
      const project = workshop.folder('comicpile', kind, name('project'));
      const [node = '', ...args] = command(bin, ...answers, ...flags);
      workshop.run(project, node, ...args);
      workshop.commit(project);
      return project;
    };
    const [outdated, newest] = [generated(first, 'outdated'), generated(second, 'newest')];
    finds(workshop, outdated, command(second, 'check'));
    writeAll(outdated, edited(outdated));
    workshop.commit(outdated);
    const files = filesOf(newest);
    const trust = flags.filter((flag) => flag === '--trust');
    return [
      // A conflict is left.
      { name: name('update'), files, project: outdated, command: command(second, 'update', ...trust), exit: 1, prove },
      {
        name: name('check'),
        files,
        project: newest,
        command: command(second, 'check'),
        exit: 0,
        prove: () => undefined,
      },
    ];
  });
};
