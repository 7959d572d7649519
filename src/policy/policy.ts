import { type Holders, holders } from './connections.ts';
import { images } from './images.ts';
import { type Limits, limits } from './limits.ts';
import { type Recovery, recovery } from './recovery.ts';
import { type RoleLimits, roleLimits } from './roleLimits.ts';

/** Values of which a team may have others, as data (docs/customising.md); each is as safe to print as an answer. */
export type Policy = {
  readonly limits: Limits;
  readonly connections: Holders;
  readonly roleLimits: RoleLimits;
  readonly recovery: Recovery;
  /** Only those that are not ours. */
  readonly images: Readonly<Partial<Record<ImageName, string>>>;
  /** By name: another value for a header of ours, or one more header. */
  readonly headers: Readonly<Record<string, { readonly value: string; readonly why?: string }>>;
};

export type ImageName = keyof ReturnType<typeof images>;
export const imageNames = Object.keys(images('3.13')) as ImageName[];

/** What we say ourselves. */
export const ourPolicy: Policy = { limits, connections: holders, roleLimits, recovery, images: {}, headers: {} };
