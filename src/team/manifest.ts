import type { Rename } from '../changes/renames.ts';
import type { Kind, Owner } from '../emit/catalogue.ts';
import type { PolicyData } from '../policy/overrides.ts';
import type { KindName } from './kinds.ts';

/** `comicpile-pack.json`, as schemas/pack.schema.json has it; what each part does is said there. */
export type Manifest = {
  readonly id: string;
  readonly comicpile: string;
  readonly artifacts?: readonly PackArtifact[];
  readonly questions?: Readonly<Record<string, PackQuestion>>;
  readonly promises?: readonly PatternPromise[];
  readonly policy?: PolicyData;
  readonly renames?: readonly Rename[];
};
export type PackArtifact = {
  readonly to: string;
  readonly owner: Owner;
  readonly kind?: Exclude<Kind, 'secret'>;
  readonly when?: string;
};
export type PackQuestion = {
  readonly message: string;
  readonly help?: string;
  readonly kind: KindName;
  readonly default: string;
  readonly choices?: readonly string[];
};
/** What each of some files matches, or lacks. */
export type PatternPromise = {
  readonly promise: string;
  readonly files: readonly string[];
  readonly matches?: string;
  readonly lacks?: string;
};

export const manifestName = 'comicpile-pack.json';
