import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Artifact, templateOf } from '../artifacts.ts';
import { digest } from '../lock.ts';
import type { Team } from '../packs/team.ts';
import { extraPath, extrasIn } from './extras.ts';
import { findAll, projectTemplates, type Template } from './sources.ts';

/** A template of the project's own, and the one that it stands before. */
export type Override = {
  readonly template: Template;
  /** The file that it makes, or adds lines to; undefined: it does nothing. */
  readonly artifact: Artifact | undefined;
  /** The place that it adds lines to; undefined: it is the whole template. */
  readonly extra?: string;
  readonly origin: Template | undefined;
};

/** All templates, and all places for lines, by the path of what fills them. */
const known = ({ catalogue, sources }: Team): ReadonlyMap<string, Pick<Override, 'artifact' | 'extra'>> =>
  new Map(
    catalogue.flatMap((artifact) => {
      const path = templateOf(artifact);
      const [used] = findAll(sources, path);
      const extras = extrasIn(used?.text ?? '').map((extra) => [extraPath(path, extra), { artifact, extra }] as const);
      return [[path, { artifact }] as const, ...extras];
    }),
  );

/** All files of the project's folder of templates. */
export const overridesIn = (team: Team): readonly Override[] => {
  const root = team.sources.find(({ name }) => name === projectTemplates)?.root ?? '';
  if (!existsSync(root)) return [];
  const rows = known(team);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
    .flatMap((path) => {
      const [template, origin] = findAll(team.sources, path);
      return template === undefined ? [] : [{ artifact: undefined, ...rows.get(path), template, origin }];
    });
};

/** Whether the template behind an override is another one than when it was taken, or is gone. */
export const isBehind = ({ artifact, template, origin }: Override, taken: Readonly<Record<string, string>>): boolean =>
  artifact === undefined ||
  (origin !== undefined && template.path in taken && taken[template.path] !== digest(origin.text));
