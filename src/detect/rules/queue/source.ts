import type { Evidence } from '../../model.ts';

/** An environment variable that an expression comes from; `preset`: its default; '' for one that may be left out. */
export type Source = { readonly name: string; readonly preset: string | undefined; readonly evidence: Evidence };
