import { readText } from '../../base/files.ts';
import { type Change, jsonChange } from '../../changes/change.ts';
import { type Digests, digestsFile, pinned } from '../../policy/digests.ts';

/** The change that keeps them. */
export const storeDigests = (directory: string, digests: Digests): Change =>
  jsonChange(digestsFile, readText(directory, digestsFile), digests);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/**
 * A text of the user's in which each of these tags has the digest that we wrote last. An update bot edits nothing but a digest, and
 * a newer one of ours is no conflict with that.
 */
export const withDigests =
  (digests: Digests, refs: readonly string[]) =>
  (text: string): string =>
    refs.reduce(
      (all, ref) =>
        all.replace(new RegExp(`(?<![\\w./:-])${escaped(ref)}@sha256:[0-9a-f]{64}(?![0-9a-f])`, 'g'), () =>
          pinned(digests)(ref),
        ),
      text,
    );
