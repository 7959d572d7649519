import type { Argument, Expression } from './python.ts';

/** An argument of a call, by its name or else by its position among those without one. */
export const argument = (args: readonly Argument[], name: string, position?: number): Expression | undefined =>
  args.find((arg) => arg.name === name)?.value ??
  (position === undefined ? undefined : args.filter((arg) => arg.name === undefined)[position]?.value);
