import { isUtf8 } from 'node:buffer';
import { strange } from '../base/disk/strange.ts';
import { type Content, inTree } from '../base/disk/tree.ts';
import { appendLines, appendMissing } from '../base/envFile.ts';
import { Refusal } from '../base/refusal.ts';
import { type Artifact, isManaged, modeOf } from '../emit/catalogue.ts';
import type { RenderedFile } from '../emit/renderedFile.ts';
import type { Change } from './change.ts';
import { isSame } from './edited.ts';

/** `isText`: it is UTF-8, so that `text` is all of it. */
export type OnDisk = {
  readonly text: string;
  readonly isText: boolean;
  readonly mode: number;
  readonly gid: number;
};

// The group of the containers, as in docker-compose.prod.yml; scripts/lib.sh lets it read the Docker secret files.
const containerGroup = 10001;

/** Whether a secret on disk is closed to everyone who must not read it. */
export const isPrivate = (to: string, mode: number, gid: number): boolean =>
  mode === 0o600 || (to.startsWith('secrets/') && mode === 0o640 && gid === containerGroup);

const merged = ({ kind, to }: Artifact, before: string, rendered: string): string => {
  if (kind === 'once') return before;
  if (kind === 'lines') return appendLines(before, rendered);
  if (kind === 'secret') return to.startsWith('.env') ? appendMissing(before, rendered) : before;
  return rendered;
};

/** What writing this file would do where no run of ours has written it; one of ours that differs is the user's to decide. */
export const planOne = ({ artifact, text }: RenderedFile, disk?: OnDisk): Change => {
  const { to, kind = 'file' } = artifact;
  const mode = modeOf(artifact);
  const common = { to, kind, mode };
  if (disk === undefined) return { ...common, action: 'create', before: '', after: text };
  const after = merged(artifact, disk.text, text);
  const change = { ...common, before: disk.text, after, ...(isManaged(kind) ? { base: text } : {}) };
  if (after !== disk.text) {
    if (kind === 'lines' || kind === 'secret') return { ...change, action: 'extend' };
    if (!isSame(disk.text, after)) return { ...change, action: 'conflict', isForeign: true };
  }
  if (kind === 'once') return { ...change, mode: disk.mode, action: after === text ? 'identical' : 'keep' };
  // Only what has a meaning is compared: secrecy, and whether a script runs. umask may take more away.
  const wrongMode =
    kind === 'secret' ? !isPrivate(to, disk.mode, disk.gid) : kind === 'script' && (disk.mode & 0o100) === 0;
  return { ...change, after: disk.text, action: wrongMode ? 'mode' : 'identical' };
};

const onDisk = ({ bytes, stat }: Content): OnDisk => ({
  text: bytes.toString(),
  isText: isUtf8(bytes),
  mode: stat.mode & 0o777,
  gid: stat.gid,
});

/** What is at each of these places; refuses where one cannot be a file of ours, and lists them all. */
export const inspectAll = (directory: string, places: readonly string[]): ReadonlyMap<string, OnDisk | undefined> =>
  inTree(directory, (tree) => {
    const problems = places.flatMap((to) => tree.look(to).problem ?? []);
    if (problems.length > 0) throw strange(problems);
    const found = places.map((to) => [to, tree.read(to)] as const);
    return new Map(found.map(([to, content]) => [to, content === undefined ? undefined : onDisk(content)]));
  });

/** Lines are appended to text: bytes of another encoding would not be the same afterwards. */
export const refuseBytes = (files: readonly RenderedFile[], disk: ReadonlyMap<string, OnDisk | undefined>): void => {
  const bytes = files.filter(
    ({ artifact: { to, kind } }) => (kind === 'lines' || kind === 'secret') && disk.get(to)?.isText === false,
  );
  if (bytes.length === 0) return;
  throw new Refusal(
    'These files are not in UTF-8, so nothing can be appended to them (nothing was written):',
    bytes.map(({ artifact: { to } }) => `${to}; for example: iconv -f latin1 -t utf-8`),
    1,
  );
};
