import { type Assignment, type Names, namesIn } from './assignments.ts';
import { type Computed, computedIn, numberFunctions } from './computed.ts';
import type { Operand } from './operands.ts';
import { parsed } from './parsed.ts';

type Facts = Names & { readonly file: string; readonly computed: readonly Computed[] };

// Taking a script apart takes most of the time, and most answers change none of it.
const known = new Map<string, Facts>();
const factsOf = (file: string, text: string): Facts => {
  const key = `${file}\n${text}`;
  const script = known.get(key) ? undefined : parsed(file, text);
  const facts = script === undefined ? known.get(key) : { ...namesIn(script), file, computed: computedIn(script) };
  known.set(key, facts as Facts);
  return facts as Facts;
};

const printsNumber = (command: string): boolean =>
  /^date (?:-u )?\+%s$/.test(command) ||
  numberFunctions.some((name) => command === name || command.startsWith(`${name} `));

/** Whether what a variable holds, at that place, can only be a number. */
const judgeOf = (all: readonly Assignment[], locals: ReadonlySet<string>) => {
  const assumed = new Set<string>();
  const assignments = new Map<string, Assignment[]>();
  for (const one of all) assignments.set(one.name, [...(assignments.get(one.name) ?? []), one]);
  const isNumber = (operand: Operand, inside: string): boolean => {
    if (operand.kind !== 'variable') return operand.kind === 'command' && printsNumber(operand.text);
    const { name } = operand;
    const isLocal = locals.has(`${inside}:${name}`);
    const key = `${isLocal ? inside : ''}:${name}`;
    if (assumed.has(key)) return true;
    // A function that sets what is not its own may set what is local where it was called from.
    const concerns = (assignments.get(name) ?? []).filter((one) => {
      const isItsOwn = locals.has(`${one.inside}:${name}`);
      return isLocal ? one.inside === inside || (one.inside !== '' && !isItsOwn) : !isItsOwn;
    });
    // What nobody sets comes from the environment.
    if (concerns.length === 0 && !isLocal) return false;
    assumed.add(key);
    if (concerns.every((one) => one.operands.every((inner) => isNumber(inner, one.inside)))) return true;
    assumed.delete(key);
    return false;
  };
  return isNumber;
};

/**
 * What the first of these scripts computes and could be text from outside, a line each; the others are those that it sources.
 * The text of `a[$(command)]` in a variable runs the command as soon as the variable is computed.
 */
export const unguarded = (scripts: readonly (readonly [file: string, text: string])[]): readonly string[] => {
  const facts = scripts.map(([file, text]) => factsOf(file, text));
  const associative = new Set(facts.flatMap((one) => [...one.associative]));
  const isNumber = judgeOf(
    facts.flatMap((one) => one.assignments),
    new Set(facts.flatMap((one) => [...one.locals])),
  );
  return (facts[0]?.computed ?? [])
    .filter(({ subscriptOf = '' }) => !associative.has(subscriptOf))
    .flatMap(({ line, inside, operands, text }) =>
      operands
        .filter((operand) => !isNumber(operand, inside))
        .map(
          (operand) =>
            `${facts[0]?.file}:${line}: ${operand.kind === 'variable' ? operand.name : operand.text} in ${text}`,
        ),
    );
};
