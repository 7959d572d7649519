import { digest } from '../base/digest.ts';
import { entriesBelow } from '../base/files.ts';
import { type Artifact, templateOf } from '../emit/catalogue.ts';
import { slotPath, slotsIn } from '../emit/slots.ts';
import { find, findAll, projectTemplates, type Template } from '../emit/sources.ts';
import type { Team } from './team.ts';

/** A template of the project's own, and the one that it stands before. */
export type Override = {
  readonly template: Template;
  /** The file that it makes, or adds lines to; undefined: it does nothing. */
  readonly artifact: Artifact | undefined;
  readonly origin: Template | undefined;
};

/** The file of each template, and of each slot, by the path of what fills them. */
export const fillings = ({ catalogue, sources }: Team): ReadonlyMap<string, Artifact> =>
  new Map(
    catalogue.flatMap((artifact) => {
      const path = templateOf(artifact);
      const slots = slotsIn(find(sources, path).text).map((slot) => slotPath(path, slot));
      return [path, ...slots].map((each) => [each, artifact] as const);
    }),
  );

/** All files of the project's folder of templates. */
export const overridesIn = (team: Team): readonly Override[] => {
  const source = team.sources.find(({ name }) => name === projectTemplates);
  const own = source === undefined ? [] : entriesBelow(source.root, source.folder);
  if (own.length === 0) return [];
  const rows = fillings(team);
  return own.flatMap(({ path }) => {
    const [template, origin] = findAll(team.sources, path);
    return template === undefined ? [] : [{ artifact: rows.get(path), template, origin }];
  });
};

/** Whether the template behind an override is another one than when it was taken, or is gone. */
export const isBehind = ({ artifact, template, origin }: Override, taken: Readonly<Record<string, string>>): boolean =>
  artifact === undefined ||
  (origin !== undefined && template.path in taken && taken[template.path] !== digest(origin.text));
