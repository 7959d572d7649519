import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateOf } from '../../src/artifacts.ts';
import { packageRoot } from '../../src/paths.ts';
import type { Contestant } from './contestant.ts';
import { writeAll } from './files.ts';
import { finds, isUpdated } from './outcome.ts';
import { sizedName, type WorkFile } from './workload.ts';
import type { Workshop } from './workshop.ts';

/** The program of ours.ts, bundled as `comicpile` is; its path. */
export const bundleOurs = (workshop: Workshop): string => {
  const { scripts } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    scripts: { bundle: string };
  };
  const line = scripts.bundle
    .replace('dist/bin/comicpile.js', 'dist/bench/update/ours.js')
    .replace('--outdir=dist/bin', '--outdir=dist/bench/ours');
  workshop.run(packageRoot(), 'npm', 'exec', '--offline', '--call', line);
  return join(packageRoot(), 'dist/bench/ours/ours.js');
};

/**
 * Our update and check of a workload of any size: the core of both, since the catalogue of the command itself is fixed. A
 * command that takes a catalogue would take the place of `program` here, and ours.ts would go.
 */
export const core = (workshop: Workshop, program: string, files: readonly WorkFile[]) => {
  const folder = (name: string): string => workshop.folder('core', String(files.length), name);
  const print = { name: '<%- app.name %>', domain: '<%- site.domain %>' };
  const release = (number: 1 | 2): string => {
    const templates = folder(`release-${number}`);
    const texts = files.map((file) => [templateOf({ owner: 'nginx', to: file.to }), file.template(number, print)]);
    writeAll(templates, {
      'catalogue.json': JSON.stringify(files.map(({ to }) => to)),
      ...Object.fromEntries(texts),
    });
    return templates;
  };
  const [first, second] = [release(1), release(2)];
  const command = (verb: string, templates: string) => [process.execPath, program, verb, templates];
  const generated = (name: string, templates: string): string => {
    const project = folder(name);
    workshop.run(project, process.execPath, program, 'generate', templates);
    workshop.commit(project);
    return project;
  };

  const newest = generated('newest', second);
  const edited = generated('edited', first);
  finds(workshop, edited, command('check', second));
  writeAll(edited, Object.fromEntries(files.map(({ to, yours }) => [to, yours])));
  workshop.commit(edited);
  const update: Contestant = {
    name: sizedName('core update', files.length),
    files: files.length,
    project: edited,
    command: command('update', second),
    exit: 1, // a conflict is left
    prove: isUpdated(files),
  };
  const check: Contestant = {
    name: sizedName('core check', files.length),
    files: files.length,
    project: newest,
    command: command('check', second),
    exit: 0,
    prove: () => undefined,
  };
  return { update, check };
};
