import type { Expression, Python } from '../../read/python.ts';
import type { Context } from './context.ts';
import { definitionOf } from './definitions.ts';

/** The text of an expression of strings and constants of the project; undefined where it is only known when it runs. */
export const constantText = (
  context: Context,
  from: Python,
  expression: Expression | undefined,
  depth = 0,
): string | undefined => {
  if (expression === undefined || depth > 6) return undefined;
  if (expression.kind === 'string') return expression.value;
  if (expression.kind === 'concat') {
    const parts = expression.parts.map((part) => constantText(context, from, part, depth + 1));
    return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
  }
  if (expression.kind === 'call') {
    // Field(default="/api"), str("/api"), Field("/api"), os.getenv("X", "/api")
    const given =
      expression.args.find(({ name }) => name === 'default') ??
      (/getenv|get$/.test(expression.callee) ? expression.args[1] : expression.args[0]);
    return constantText(context, from, given?.value, depth + 1);
  }
  if (expression.kind !== 'name') return undefined;
  const found = definitionOf(context, from, expression.text, []);
  if (found?.kind === 'value') return constantText(context, found.module, found.assignment.value, depth + 1);
  // `settings.API_PREFIX`: the default of that field, whichever settings class has it.
  const field = expression.text.includes('.') ? expression.text.split('.').at(-1) : undefined;
  return field === undefined ? undefined : fieldDefault(context, field, depth);
};

const fieldDefault = (context: Context, field: string, depth: number): string | undefined => {
  for (const path of context.python) {
    if (!context.view.read(path)?.includes(field)) continue;
    const python = context.view.python(path);
    const assigned = python?.assignments.find(
      ({ target, within, value }) => target === field && within.length === 1 && value !== undefined,
    );
    if (python !== undefined && assigned !== undefined) return constantText(context, python, assigned.value, depth + 1);
  }
  return undefined;
};
