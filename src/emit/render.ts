import { Refusal } from '../base/refusal.ts';
import type { Stack } from '../model/stack.ts';
import { assemble, type Piece } from './assemble.ts';
import { builtIns } from './builtIns.ts';
import { type Artifact, applies, templateOf } from './catalogue.ts';
import { type Compiled, compile, run } from './engine.ts';
import type { Miss } from './lookups.ts';
import type { RenderedFile } from './renderedFile.ts';
import { slotPath } from './slots.ts';
import { builtIn, has, isPresent, type Source } from './sources.ts';

type Rendered = { readonly text: string; readonly problems: readonly string[] };

// More than that at once is no help.
const mostOfOne = 10;
const cut = (problems: readonly string[], path: string): readonly string[] =>
  problems.length <= mostOfOne
    ? problems
    : [...problems.slice(0, mostOfOne), `${path}: and ${problems.length - mostOfOne} more`];

/** The compiled one of ours, where nobody has put another before it, or lines into its slots. */
const untouched = (sources: readonly Source[]): ((path: string) => Compiled | undefined) => {
  const others = sources.filter(({ isOurs }) => !isOurs);
  const ours = others.length < sources.length ? builtIns() : {};
  return (path) => {
    const { slots, run } = ours[path] ?? {};
    const isTouched = (other: Source): boolean =>
      [path, ...(slots ?? []).map((slot) => slotPath(path, slot))].some((each) => has(other, each));
    return others.some(isTouched) ? undefined : run;
  };
};

const missing = ({ path, what }: Miss, pieces: readonly Piece[], name: string): string => {
  const piece = pieces.find(({ paths }) => paths.has(path));
  return piece === undefined ? `${name}: ${what}` : `${piece.name}:${piece.paths.get(path)}: ${what}`;
};

const renderWith = (compiled: Compiled, stack: Stack, pieces: readonly Piece[], name: string): Rendered => {
  try {
    const { text, misses } = run(compiled, stack);
    return { text, problems: misses.map((miss) => missing(miss, pieces, name)) };
  } catch (error) {
    return { text: '', problems: [`${name}: ${(error as Error).message}`] };
  }
};

/**
 * Rows of the catalogue that apply to this stack, as text; each from the first source that has its template. Pure but for
 * reading the templates. Templates that cannot be rendered are refused, all at once.
 */
export const render = (
  catalogue: readonly Artifact[],
  stack: Stack,
  sources: readonly Source[] = [builtIn()],
): readonly RenderedFile[] => {
  const present = sources.filter(isPresent);
  const keys = new Set(Object.keys(stack));
  const ofOurs = untouched(present);
  const ours = present.find(({ isOurs }) => isOurs)?.name;
  const renderOne = (path: string): Rendered => {
    const compiled = ofOurs(path);
    if (compiled !== undefined) return renderWith(compiled, stack, [], `${ours}/${path}`);
    const { problems, source, pieces } = assemble(path, present, keys);
    if (problems.length > 0) return { text: '', problems };
    return renderWith(compile(source).run, stack, pieces, pieces[0]?.name ?? path);
  };
  const problems: string[] = [];
  const files = catalogue.filter(applies(stack)).map((artifact) => {
    const path = templateOf(artifact);
    const rendered = renderOne(path);
    problems.push(...cut(rendered.problems, path));
    return { artifact, text: rendered.text };
  });
  if (problems.length === 0) return files;
  // What is ours alone can only be our own fault.
  if (sources.length === 1) throw new Error(problems.join('\n'));
  throw new Refusal('These templates cannot be used (nothing was written):', problems);
};
