import type { Promised } from './promised.ts';
import { captures } from './text.ts';

/** A tick in SECURITY.md names, in its last column, the checks of scripts/audit.sh that prove it, by their ids. */
export const ticksChecked: Promised = (set) => {
  const judges = set.files.filter(({ artifact }) => artifact.to.startsWith('scripts/audit/')).map(({ text }) => text);
  // The id comes first wherever a check is made: @check("svc-user", "…", and what makes several of a kind.
  const known = new Set(captures(judges.join('\n'), /^@?[a-z_]+\("([a-z0-9-]+)", "/gm));
  const ticks = captures(set.text('SECURITY.md'), /^\| ✅ \|.*\| (.+) \|$/gm);
  if (ticks.length === 0) return ['SECURITY.md ticks nothing'];
  const named = ticks.flatMap((cell) => (cell.startsWith('`') ? captures(cell, /`([^`]*)`/g) : [cell]));
  return named
    .filter((id) => !known.has(id))
    .map((id) => `SECURITY.md ticks what scripts/audit.sh does not check: ${id}`);
};
