import type { Promised } from './promised.ts';
import { captures } from './text.ts';

/** Every scripts/*.sh that any file tells the user to run is emitted; no document outlives what it describes. */
export const scriptsNamed: Promised = ({ files }) => {
  const emitted = new Set(files.map(({ artifact }) => artifact.to));
  return files.flatMap(({ artifact, text }) =>
    captures(text, /\b(scripts\/[\w-]+\.sh)\b/g)
      .filter((path) => !emitted.has(path))
      .map((path) => `${artifact.to} names ${path}, which nobody emits`),
  );
};
