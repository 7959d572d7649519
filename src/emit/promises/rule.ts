import type { Stack } from '../../model/stack.ts';
import type { RenderedFile } from '../renderedFile.ts';

/** A promise about the whole rendered set; one line per offence. */
export type Rule = (files: readonly RenderedFile[], stack: Stack) => readonly string[];
