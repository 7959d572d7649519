import { join } from 'node:path';
import type { Contestant } from './contestant.ts';
import { writeAll } from './files.ts';
import { finds } from './outcome.ts';
import { values, type WorkFile } from './workload.ts';
import type { Workshop } from './workshop.ts';

/** cruft: a cookiecutter template, and a project of its newest commit. Proved to see that a project of the one before is not. */
export const cruftCheck = (workshop: Workshop, bin: string, files: readonly WorkFile[]): Contestant => {
  const template = workshop.folder('cruft', 'template');
  const print = { name: '{{ cookiecutter.name }}', domain: '{{ cookiecutter.domain }}' };
  const release = (number: 1 | 2): void => {
    const texts = files.map((file) => [`{{ cookiecutter.name }}/${file.to}`, file.template(number, print)]);
    writeAll(template, { 'cookiecutter.json': JSON.stringify(values), ...Object.fromEntries(texts) });
    workshop.commit(template);
  };
  const cruft = join(bin, 'cruft');
  const create = (folder: string): string => {
    workshop.run(
      workshop.root,
      cruft,
      'create',
      '--no-input',
      '--output-dir',
      workshop.folder('cruft', folder),
      template,
    );
    const project = workshop.path('cruft', folder, values.name);
    workshop.commit(project);
    return project;
  };
  release(1);
  const outdated = create('outdated');
  release(2);
  const command = [cruft, 'check'];
  finds(workshop, outdated, command);
  return {
    name: 'cruft check',
    files: files.length,
    project: create('newest'),
    command,
    exit: 0,
    prove: () => undefined,
  };
};
