import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Contestant } from './contestant.ts';
import { writeAll } from './files.ts';
import { isGenerated } from './outcome.ts';
import { sizedName, values, type WorkFile } from './workload.ts';
import type { Workshop } from './workshop.ts';

/** hygen, installed by npm; the path of its program. */
export const installHygen = (workshop: Workshop): string => {
  const prefix = workshop.folder('hygen');
  const args = ['install', '--prefix', prefix, '--silent', '--no-audit', '--no-fund', 'hygen@6'];
  execFileSync('npm', args, { cwd: prefix, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(prefix, 'node_modules/hygen/dist/bin.js');
};

/** hygen: one generator with a template a file. It generates and nothing more: the least that a tool can do with templates. */
export const hygen = (workshop: Workshop, program: string, files: readonly WorkFile[]): Contestant => {
  const project = workshop.folder('hygen', `project-${files.length}`);
  const print = { name: '<%= name %>', domain: '<%= domain %>' };
  const texts = files.map((file, index) => [
    `_templates/part/new/${index}.ejs.t`,
    `---\nto: ${file.to}\n---\n${file.template(2, print)}`,
  ]);
  writeAll(project, Object.fromEntries(texts));
  return {
    name: sizedName('hygen', files.length),
    files: files.length,
    project,
    command: [process.execPath, program, 'part', 'new', '--name', values.name, '--domain', values.domain],
    exit: 0,
    prove: isGenerated(files),
  };
};
