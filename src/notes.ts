import { lockAfter } from './lock.ts';
import type { Change } from './plan.ts';
import { basesAfter } from './update/base.ts';

/** What is noted in the project of these changes: the merge bases, and the lock as the last. */
export const notesAfter = (directory: string, changes: readonly Change[]): readonly Change[] => [
  ...basesAfter(directory, changes),
  lockAfter(directory, changes),
];
