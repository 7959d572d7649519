import type { Door } from '../../base/door.ts';
import { misuse } from '../../base/refusal.ts';
import { bold } from '../../base/terminal.ts';
import { toLf } from '../../changes/edited.ts';
import { knownBase } from '../../changes/mergeBase.ts';
import { inspectAll } from '../../changes/plan.ts';
import { diffOf } from '../../changes/report.ts';
import { isManaged } from '../../emit/catalogue.ts';
import { renderAsStored } from '../pipeline.ts';
import type { Request } from '../request.ts';
import { named } from './named.ts';
import { lockOf } from './update.ts';

/** Shows what the user has changed in a file of ours (base → disk), and what an update would (base → new). */
export const diff = async (
  door: Door,
  { directory, from }: Pick<Request, 'directory' | 'from'>,
  path: string,
): Promise<number> => {
  const lock = lockOf(directory, door);
  const { files } = await renderAsStored(door, directory);
  const to = named(
    path,
    from,
    files.map(({ artifact }) => artifact.to),
    door,
  );
  const file = files.find(({ artifact }) => artifact.to === to);
  const kind = file?.artifact.kind ?? 'file';
  if (file === undefined || !isManaged(kind)) {
    const why = kind === 'secret' ? 'holds secrets, which are never shown' : 'is no file that an update changes';
    throw misuse([`${to} cannot be compared: it ${why}. For example: ${door.run('diff nginx/nginx.conf')}`]);
  }
  // Line ends are of the checkout, not of the user's.
  const disk = toLf(inspectAll(directory, [to]).get(to)?.text ?? '');
  const text = toLf(file.text);
  const known = to in lock.files ? knownBase(directory, to, lock, disk, file.text) : '';
  const base = known === undefined ? undefined : toLf(known);
  const show = async (title: string, before: string, after: string): Promise<void> => {
    const change = { to, kind, action: 'update', mode: 0o644, before, after } as const;
    door.say(bold(title));
    door.say(before === after ? '  nothing' : await diffOf(change));
  };
  if (base === undefined) {
    await show('From yours to ours: what we wrote last is not known', disk, text);
    return 1;
  }
  await show('Yours, since we wrote it', base, disk);
  await show('Ours, in this version and with these answers', base, text);
  return base === disk && base === text ? 0 : 1;
};
