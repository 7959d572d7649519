import type { Places } from '../model/places.ts';
import type { Artifact } from './catalogue.ts';

/** The rendered files at their places. */
export const placed = (files: readonly RenderedFile[], places: Places): readonly RenderedFile[] =>
  files.flatMap((file) => {
    const to = places[file.artifact.to];
    if (to === null) return [];
    return to === undefined ? [file] : [{ ...file, artifact: { ...file.artifact, to } }];
  });

export type RenderedFile = { readonly artifact: Artifact; readonly text: string };
