import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Artifact, artifacts, templateOf } from '../artifacts.ts';
import { digest } from '../lock.ts';
import { findAll, projectTemplates, sourcesOf, type Template } from './sources.ts';

/** A template of the project's own, and the one that it stands before. */
export type Override = {
  readonly artifact: Artifact | undefined;
  readonly template: Template;
  readonly origin: Template | undefined;
};

/** All files of the project's folder of templates; one without an artifact does nothing. */
export const overridesIn = (directory: string): readonly Override[] => {
  const root = join(directory, projectTemplates);
  if (!existsSync(root)) return [];
  const rows = new Map(artifacts.map((artifact) => [templateOf(artifact), artifact]));
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
    .flatMap((path) => {
      const [template, origin] = findAll(sourcesOf(directory), path);
      return template === undefined ? [] : [{ artifact: rows.get(path), template, origin }];
    });
};

/** Whether the template behind an override is another one than when it was taken. */
export const isBehind = ({ template, origin }: Override, taken: Readonly<Record<string, string>>): boolean =>
  origin !== undefined && template.path in taken && taken[template.path] !== digest(origin.text);
