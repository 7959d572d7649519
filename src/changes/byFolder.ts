import { diffIndices } from 'node-diff3';
import { bold } from '../base/terminal.ts';
import type { Change } from './change.ts';
import { split } from './report.ts';

type Count = { readonly files: number; readonly added: number; readonly removed: number };
type Deed = 'create' | 'change' | 'remove' | 'copy';
const deeds: readonly Deed[] = ['create', 'change', 'remove', 'copy'];

const deedOf = ({ action }: Change): Deed =>
  action === 'create' || action === 'remove' ? action : action === 'backup' ? 'copy' : 'change';

const linesIn = (text: string): number => (text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0));

/** How many lines a change adds, and takes away. */
const linesOf = (change: Change): Pick<Count, 'added' | 'removed'> => {
  const { before, after } = change;
  if (before === '' || after === '' || before === after) {
    return before === after ? { added: 0, removed: 0 } : { added: linesIn(after), removed: linesIn(before) };
  }
  const regions = diffIndices(before.split('\n'), after.split('\n'));
  const sum = (side: 'buffer1' | 'buffer2'): number => regions.reduce((lines, region) => lines + region[side][1], 0);
  return { added: sum('buffer2'), removed: sum('buffer1') };
};

const countOf = (changes: readonly Change[]): Count =>
  changes.reduce<Count>(
    (count, change) => {
      const { added, removed } = linesOf(change);
      return { files: count.files + 1, added: count.added + added, removed: count.removed + removed };
    },
    { files: 0, added: 0, removed: 0 },
  );

const inWords = (deed: Deed, { files, added, removed }: Count): string => {
  const what = `${deed} ${files} ${files === 1 ? 'file' : 'files'}`;
  const lines = [...(added > 0 ? [`+${added}`] : []), ...(removed > 0 ? [`-${removed}`] : [])].join(' ');
  return lines === '' ? what : `${what}, ${lines} ${added + removed === 1 ? 'line' : 'lines'}`;
};

const row = (name: string, changes: readonly Change[]): string => {
  const parts = deeds.flatMap((deed) => {
    const those = changes.filter((change) => deedOf(change) === deed);
    return those.length === 0 ? [] : [inWords(deed, countOf(those))];
  });
  return `  ${name.padEnd(20)} ${parts.join('; ')}`;
};

const folderOf = ({ to }: Change): string => (to.includes('/') ? `${to.split('/')[0]}/` : './');

/**
 * How many files and lines are made, changed and removed: a row a folder where there are more than somebody reads by name, and a row
 * for all. Nothing where nothing changes.
 */
export const inFolders = (all: readonly Change[]): string[] => {
  const { changing, isMuch } = split(all);
  if (changing.length === 0) return [];
  const groups = new Map<string, Change[]>();
  for (const change of isMuch ? changing : []) {
    const folder = folderOf(change);
    groups.set(folder, [...(groups.get(folder) ?? []), change]);
  }
  return [...[...groups].map(([folder, changes]) => row(folder, changes)), bold(row('in all', changing))];
};
