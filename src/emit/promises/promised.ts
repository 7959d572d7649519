import type { Stack } from '../../model/stack.ts';
import type { RenderedSet } from './renderedSet.ts';

/** What is promised of the whole rendered set, as a function: a line for each offence, none where the promise is kept. */
export type Promised = (set: RenderedSet, stack: Stack) => readonly string[];
