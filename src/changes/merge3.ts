import { diff3Merge, diffComm } from 'node-diff3';
import { toLf, usesCrlf } from './edited.ts';

/** Three texts of one file: what the user has, what we wrote last, what we would write now. */
export type Three = { readonly yours: string; readonly base: string; readonly theirs: string };
/** What stands behind the markers of a conflict. */
export type Labels = { readonly yours: string; readonly theirs: string };
export type Merged = { readonly text: string; readonly conflicts: number };

type Lines = readonly string[];
type Region = { readonly clean: Lines } | { readonly yours: Lines; readonly theirs: Lines };

// Each with its own end, so that a missing last one, or a CRLF among LFs, is a difference like any other.
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const regionsOf = (yours: Lines, base: Lines, theirs: Lines): Region[] =>
  diff3Merge([...yours], [...base], [...theirs], { excludeFalseConflicts: true }).map((region) =>
    region.conflict ? { yours: region.conflict.a, theirs: region.conflict.b } : { clean: region.ok ?? [] },
  );

const cleanOf = (regions: readonly Region[]): Lines | undefined => {
  const lines: string[] = [];
  for (const region of regions) {
    if (!('clean' in region)) return undefined;
    lines.push(...region.clean);
  }
  return lines;
};

const common = (one: Lines, other: Lines, limit: number): number => {
  let count = 0;
  while (count < limit && one[count] === other[count]) count += 1;
  return count;
};

// All that is not the same in both from the top and from the bottom, as one conflict.
const wholeConflict = (yours: Lines, theirs: Lines): Region[] => {
  const shorter = Math.min(yours.length, theirs.length);
  const top = common(yours, theirs, shorter);
  const bottom = common([...yours].reverse(), [...theirs].reverse(), shorter - top);
  return [
    { clean: yours.slice(0, top) },
    { yours: yours.slice(top, yours.length - bottom), theirs: theirs.slice(top, theirs.length - bottom) },
    { clean: yours.slice(yours.length - bottom) },
  ];
};

/**
 * Lines that repeat (`}`, blank ones) can be matched in more than one way, and the way decides where an edit goes. A merge
 * is clean only if it is the same read from the top and from the bottom; otherwise the user decides.
 */
const mergeLines = (yours: Lines, base: Lines, theirs: Lines): Region[] => {
  const down = regionsOf(yours, base, theirs);
  const fromTop = cleanOf(down);
  if (fromTop === undefined) return down;
  const fromBottom = cleanOf(regionsOf([...yours].reverse(), [...base].reverse(), [...theirs].reverse()));
  const agree =
    fromBottom?.length === fromTop.length && fromBottom.every((line, index) => line === fromTop.at(-1 - index));
  return agree ? [{ clean: fromTop }] : wholeConflict(yours, theirs);
};

// Who has changed a line cannot be told, so the user decides on each.
const differences = (yours: Lines, theirs: Lines): Region[] =>
  diffComm([...yours], [...theirs]).map((region) =>
    'common' in region ? { clean: region.common } : { yours: region.buffer1, theirs: region.buffer2 },
  );

/**
 * The three-way merge of a file, with git's markers where both sides changed the same lines. A file with CRLF throughout
 * keeps it: `base` and `theirs` are taken as if they had it too.
 */
export const merge3 = (
  { yours, base, theirs }: Omit<Three, 'base'> & { readonly base: string | undefined },
  labels: Labels,
): Merged => {
  const end = usesCrlf(yours) ? '\r\n' : '\n';
  const adapted = (text: string): string => (end === '\n' ? text : toLf(text).replaceAll('\n', end));
  const [mine, ours] = [linesOf(yours), linesOf(adapted(theirs))];
  const regions = base === undefined ? differences(mine, ours) : mergeLines(mine, linesOf(adapted(base)), ours);
  let conflicts = 0;
  // A marker begins a line, whatever is before it.
  const closed = (lines: Lines): string => {
    const text = lines.join('');
    return text === '' || text.endsWith('\n') ? text : `${text}${end}`;
  };
  const text = regions.map((region) => {
    if ('clean' in region) return region.clean.join('');
    conflicts += 1;
    return [
      `<<<<<<< ${labels.yours}${end}`,
      closed(region.yours),
      `=======${end}`,
      closed(region.theirs),
      `>>>>>>> ${labels.theirs}${end}`,
    ].join('');
  });
  return { text: text.join(''), conflicts };
};

/** Whether the text has a conflict of this kind, or of git's, that nobody has resolved. */
export const hasMarkers = (text: string): boolean => /^<<<<<<< /m.test(text) && /^>>>>>>> /m.test(text);
