import { join } from 'node:path';
import { manifestName } from '../../src/team/manifest.ts';
import { release } from '../../test/releases.ts';
import { writeAll } from './files.ts';
import { type WorkFile, workload } from './workload.ts';
import type { Workshop } from './workshop.ts';

/** Files of ours that the second release changes: a line more at the end. */
export const changedByRelease = [
  'docker-compose.prod.yml',
  'nginx/nginx.conf',
  'nginx/sites/site.conf',
  'Dockerfile',
  'ops.mk',
];
export const lineOfRelease = '# From the next release.\n';

/** The name of the pack that brings so many files. */
export const packOf = (count: number): string => `bench-pack-${count}`;

const packFiles = (files: readonly WorkFile[], number: 1 | 2): Readonly<Record<string, string>> => {
  const print = { name: '<%- app.name %>', domain: '<%- site.domain %>' };
  const artifacts = files.map(({ to }) => ({ to, owner: 'docker' as const }));
  return {
    'package.json': JSON.stringify({ version: `${number}.0.0` }),
    [manifestName]: JSON.stringify({ id: 'bench', comicpile: '0.1.0', artifacts }),
    // None of them has a dot in front, so the path of a template is the file's.
    ...Object.fromEntries(files.map(({ to, template }) => [`templates/${to}.ejs`, template(number, print)])),
  };
};

/**
 * A release of ours, with packs of these numbers of files beside it, as npm has global packages; the path of its command.
 */
export const releaseWithPacks = (workshop: Workshop, number: 1 | 2, counts: readonly number[]): string => {
  const folder = workshop.folder('comicpile', `release-${number}`);
  for (const count of counts) writeAll(join(folder, 'node_modules', packOf(count)), packFiles(workload(count), number));
  if (number === 1) return release(folder, { version: '1.0.0' });
  const append = (text: string): string => text + lineOfRelease;
  return release(folder, {
    version: '1.1.0',
    templates: Object.fromEntries(changedByRelease.map((path) => [`${path}.ejs`, append])),
    changelog: '## 1.1.0\n\n- Five files have one line more.\n',
  });
};
