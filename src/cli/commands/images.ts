import type { Door } from '../../base/door.ts';
import { Refusal } from '../../base/refusal.ts';
import { bold, yellow } from '../../base/terminal.ts';
import { version } from '../../base/version.ts';
import { existingSecrets } from '../../model/existingSecrets.ts';
import { type Digests, readDigests } from '../../policy/digests.ts';
import { agreeToDigests } from '../../team/trust.ts';
import { gather, renderFor } from '../pipeline.ts';
import { storeDigests, withDigests } from './imageDigests.ts';
import { resolveAll } from './registry.ts';
import { begin, bring, lockOf, refuseUnready, type UpdateRequest } from './update.ts';

const age = (resolved: string): string => {
  const days = Math.floor((Date.now() - Date.parse(resolved)) / 86_400_000);
  return days <= 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
};

/** The images of the stack as their policy names them, which its files print. */
export const namedIn = async (
  directory: string,
  gathered: Awaited<ReturnType<typeof gather>>,
): Promise<readonly string[]> => {
  const rendered = await renderFor(directory, undefined, gathered, existingSecrets(directory), { digests: {} });
  return rendered.images;
};

/** Prints what each image is pinned to. Returns the exit code: 0 all by digest, 1 not all. */
export const list = async (door: Door, request: UpdateRequest): Promise<number> => {
  const { directory } = request;
  lockOf(directory, door);
  const digests = readDigests(directory);
  const images = await namedIn(directory, await gather(door, { ...request, yes: true, writes: false }));
  const width = Math.max(...images.map((ref) => ref.length));
  for (const ref of images) {
    const known = digests[ref];
    const said = ref.includes('@')
      ? 'by digest, in the policy'
      : known === undefined
        ? yellow('by its tag only')
        : `${known.digest.slice(0, 19)}… asked ${age(known.resolved)} (${known.resolved})`;
    door.say(`  ${ref.padEnd(width)}  ${said}`);
  }
  return images.every((ref) => ref.includes('@') || digests[ref] !== undefined) ? 0 : 1;
};

const changed = (former: Digests, next: Digests): readonly string[] =>
  Object.keys(next)
    .filter((ref) => former[ref]?.digest !== next[ref]?.digest)
    .map((ref) => `  ${ref}: ${former[ref]?.digest.slice(0, 19) ?? 'by its tag'} → ${next[ref]?.digest.slice(0, 19)}`);

/**
 * Asks each image's registry for its digest and writes these, all of them or none, and the files that print them, merged as an
 * update does. Only with the version that wrote the project, so that nothing else changes. Returns the exit code: 0 done, 1 a
 * registry did not tell (nothing was written) or conflicts are left (--dry-run: something would change).
 */
export const pin = async (door: Door, request: UpdateRequest): Promise<number> => {
  const { directory, dryRun } = request;
  const lock = begin(door, request);
  if (lock.generator !== version()) {
    throw new Refusal('The images cannot be pinned (nothing was written):', [
      `version ${lock.generator} wrote this project, this is ${version()}: run \`${door.run('update')}\` first`,
    ]);
  }
  refuseUnready(request, lock);
  const gathered = await gather(door, { ...request, yes: true, writes: !dryRun, asksDigests: true });
  const images = await namedIn(directory, gathered);
  const { digests: next, problems } = await resolveAll(
    directory,
    images.filter((ref) => !ref.includes('@')),
    { seconds: 60, all: true },
  );
  if (problems.length > 0)
    throw new Refusal('Not every registry has told a digest (nothing was written):', problems, 1);
  const former = readDigests(directory);
  const news = changed(former, next);
  door.say(bold(news.length > 0 ? 'New digests' : 'Every image is what it was'));
  if (news.length > 0) door.say(news.join('\n'));
  if (!dryRun) agreeToDigests(directory, next);
  return bring(door, request, lock, gathered, {
    digests: next,
    notes: [storeDigests(directory, next)],
    settle: withDigests(former, images),
    title: 'Pinned',
  });
};
