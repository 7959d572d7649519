import type { Pin } from '../changes/lock.ts';
import type { Pack } from './pack.ts';

export const pinsOf = (packs: readonly Pack[]): Readonly<Record<string, Pin>> =>
  Object.fromEntries(packs.map(({ name, version, integrity }) => [name, { version, integrity }]));
