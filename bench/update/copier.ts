import { join } from 'node:path';
import type { Contestant } from './contestant.ts';
import { writeAll } from './files.ts';
import { isUpdated } from './outcome.ts';
import { values, type WorkFile } from './workload.ts';
import type { Workshop } from './workshop.ts';

const settings = `_subdirectory: template
name: { type: str, default: ${values.name} }
domain: { type: str, default: ${values.domain} }
`;

/** copier: a template repository with two tags, and a project of the first one that the user has edited. */
export const copierUpdate = (workshop: Workshop, bin: string, files: readonly WorkFile[]): Contestant => {
  const template = workshop.folder('copier', 'template');
  const project = workshop.path('copier', 'project');
  const print = { name: '{{ name }}', domain: '{{ domain }}' };
  const release = (number: 1 | 2): void => {
    const texts = files.map((file) => [`template/${file.to}.jinja`, file.template(number, print)]);
    writeAll(template, {
      'copier.yml': settings,
      'template/{{_copier_conf.answers_file}}.jinja': '{{ _copier_answers|to_nice_yaml }}\n',
      ...Object.fromEntries(texts),
    });
    workshop.commit(template, `v${number}.0.0`);
  };
  release(1);
  const copier = join(bin, 'copier');
  workshop.run(workshop.root, copier, 'copy', '--defaults', '--quiet', '--vcs-ref', 'v1.0.0', template, project);
  workshop.commit(project);
  writeAll(project, Object.fromEntries(files.map(({ to, yours }) => [to, yours])));
  workshop.commit(project);
  release(2);
  return {
    name: 'copier update',
    files: files.length,
    project,
    command: [copier, 'update', '--defaults', '--quiet'],
    exit: 0, // with conflicts too
    prove: isUpdated(files),
  };
};
