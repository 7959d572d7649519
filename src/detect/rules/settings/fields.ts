import { readPython } from '../../read/python/module.ts';
import type { Assignment, Expression, Python } from '../../read/python.ts';

/** What a settings class says about all of its fields. */
export type Options = {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly isCaseSensitive: boolean;
  /** Of v1: `fields = {"x": {"env": "X"}}`, as text. */
  readonly fields: string;
};

export type Field = { readonly assignment: Assignment; readonly module: Python };

const isField = (value: Expression | undefined): value is Extract<Expression, { kind: 'call' }> =>
  value?.kind === 'call' && /(?:^|\.)Field$/.test(value.callee);

/** `Field(…)` as the value or within Annotated. */
const fieldCall = ({ assignment: { type, value } }: Field) => {
  if (isField(value)) return value;
  if (!type?.startsWith('Annotated[') || !type.includes('Field(')) return undefined;
  const call = readPython('', `_ = ${type.slice(type.indexOf('Field('), -1)}`).assignments[0]?.value;
  const first = call?.kind === 'list' ? call.items[0] : call;
  return isField(first) ? first : undefined;
};

const stringsIn = (value: Expression | undefined): readonly string[] => {
  if (value?.kind === 'string') return [value.value];
  if (value?.kind === 'list') return value.items.flatMap(stringsIn);
  if (value?.kind === 'call' && /AliasChoices$/.test(value.callee))
    return value.args.flatMap((arg) => stringsIn(arg.value));
  return [];
};

/** The variables that give a field, the first one first. */
export const namesOf = (
  field: Field,
  { prefix, fields, isCaseSensitive }: Options,
  isV1: boolean,
): readonly string[] => {
  const { target } = field.assignment;
  const cased = (name: string) => (isCaseSensitive ? name : name.toUpperCase());
  const args = fieldCall(field)?.args ?? [];
  // Version 1 reads `env` and ignores an alias; version 2 the other way round.
  const keys = isV1 ? ['env'] : ['validation_alias', 'alias'];
  const inConfig = new RegExp(`["']${target}["']\\s*:\\s*(?:\\{\\s*["']env["']\\s*:\\s*)?["'](\\w+)["']`).exec(
    fields,
  )?.[1];
  const said = keys.flatMap((key) => stringsIn(args.find(({ name }) => name === key)?.value));
  if (said.length > 0) return said.map(cased);
  return [cased(isV1 && inConfig !== undefined ? inConfig : prefix + target)];
};

/** The default as an expression; undefined where there is none. */
export const defaultIn = (field: Field): Expression | undefined => {
  const { value } = field.assignment;
  const call = fieldCall(field);
  if (call === undefined || !isField(value)) {
    if (value !== undefined) return value;
    return call?.args.find(({ name }) => name === 'default' || name === 'default_factory')?.value;
  }
  const [first] = call.args;
  return (
    call.args.find(({ name }) => name === 'default' || name === 'default_factory')?.value ??
    (first?.name === undefined ? first?.value : undefined)
  );
};

/** A type without Optional, None and quotes. */
export const bareType = (type: string | undefined): string =>
  (type ?? '')
    .replace(/^Optional\[(.*)\]$/s, '$1')
    .replace(/\s*\|\s*None$/, '')
    .replace(/^["'](.*)["']$/, '$1');
