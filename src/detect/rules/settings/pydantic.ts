import type { Argument, Assignment, Call, Expression, Python } from '../../read/python.ts';
import { classesFrom, type Known, resolve } from '../code/classes.ts';
import { type Context, modulesWith } from '../code/context.ts';
import { readAt } from '../code/withoutSecrets.ts';
import { bareType, defaultIn, type Field, namesOf, type Options } from './fields.ts';
import { defaultOf, type Setting } from './setting.ts';

const isIn = (assignment: Assignment, path: readonly string[]): boolean =>
  assignment.within.length === path.length && path.every((name, index) => assignment.within[index] === name);

const textOf = (value: Expression | undefined): string | undefined =>
  value?.kind === 'string' ? value.value : undefined;

/** The bases of a class, nearest first, each once; hostile code could name itself. */
const ancestors = (known: readonly Known[], start: Known): readonly Known[] => {
  const seen: Known[] = [];
  const queue = [start];
  while (queue.length > 0) {
    const one = queue.shift() as Known;
    if (seen.includes(one)) continue;
    seen.push(one);
    queue.push(...one.class.bases.flatMap((base) => resolve(known, one.module, base) ?? []));
  }
  return seen;
};

const isPydanticV1 = ({ imports }: Python): boolean =>
  imports.some(({ module, name }) => /^pydantic(?:\.v1|\.env_settings)?$/.test(module) && name === 'BaseSettings') ||
  (imports.some(({ module, name }) => module === 'pydantic' && name === undefined) &&
    !imports.some(({ module }) => module === 'pydantic_settings'));

const ownOptions = ({ module, class: { name, within, keywords } }: Known): Partial<Options> => {
  const path = [...within, name];
  const model = module.assignments.find((one) => one.target === 'model_config' && isIn(one, path))?.value;
  const config = module.assignments.filter((one) => isIn(one, [...path, 'Config']));
  const args: Argument[] = [
    ...config.flatMap(({ target, value }) => (value ? [{ name: target, value }] : [])),
    ...(model?.kind === 'call' ? model.args : []),
    ...keywords,
  ];
  const said = (key: string): Expression | undefined => args.findLast((arg) => arg.name === key)?.value;
  // A plain dict is not looked into by the reader.
  const dict = model?.kind === 'other' ? model.text : '';
  const inDict = (key: string) => new RegExp(`["']${key}["']\\s*:\\s*["']([^"']*)["']`).exec(dict)?.[1];
  const prefix = textOf(said('env_prefix')) ?? inDict('env_prefix');
  const delimiter = textOf(said('env_nested_delimiter')) ?? inDict('env_nested_delimiter');
  const sensitive =
    said('case_sensitive')?.text ?? (/["']case_sensitive["']\s*:\s*True/.test(dict) ? 'True' : undefined);
  const fields = said('fields')?.text;
  return {
    ...(prefix === undefined ? {} : { prefix }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(sensitive === undefined ? {} : { isCaseSensitive: sensitive === 'True' }),
    ...(fields === undefined ? {} : { fields }),
  };
};

const optionsOf = (line: readonly Known[]): Options => {
  const none: Options = { prefix: '', delimiter: undefined, isCaseSensitive: false, fields: '' };
  return Object.assign({}, none, ...[...line].reverse().map(ownOptions));
};

const fieldsOf = (line: readonly Known[]): readonly Field[] => {
  const fields = new Map<string, Field>();
  for (const { module, class: one } of [...line].reverse()) {
    for (const assignment of module.assignments) {
      const { target, type } = assignment;
      if (!isIn(assignment, [...one.within, one.name]) || !/^[A-Za-z]\w{0,199}$/.test(target)) continue;
      if (target === 'model_config' || /\bClassVar\b/.test(type ?? '')) continue;
      // A child that only gives another default keeps the type.
      const inherited = fields.get(target)?.assignment.type;
      if (type === undefined && inherited === undefined && !isPydanticV1(module)) continue;
      fields.set(target, { module, assignment: { ...assignment, type: type ?? inherited } });
    }
  }
  return [...fields.values()];
};

/** Every settings class that is used for itself, with the variables of its fields. */
export const pydanticSettings = (context: Context): readonly Setting[] => {
  const known = classesFrom(context, 'BaseSettings');
  const lines = known.map((one) => ({ one, line: ancestors(known, one) }));
  const isSettings = (line: readonly Known[]) =>
    line.some(({ class: { bases } }) => bases.some((base) => /(?:^|\.)BaseSettings$/.test(base)));
  const settings = lines.filter(({ one, line }) => isSettings(line) && !/^Tests?(?:ing)?[A-Z]/.test(one.class.name));
  const calls = callsOf(
    context,
    settings.map(({ one }) => one),
  );
  // `Settings(secret=…)`, `Settings(**values)`: code may give what would be missing.
  const isGiven = (owner: string, target: string) =>
    (calls.get(owner) ?? []).some(({ args }) => args.some(({ name }) => name === target));
  const isSpread = (owner: string) => (calls.get(owner) ?? []).some(({ text }) => /[(,\n]\s*\*\*/.test(text));
  const models = modelsOf(context, known);

  return settings
    .filter(({ one }) => calls.has(one.class.name) || !settings.some(({ line }) => line.slice(1).includes(one)))
    .flatMap(({ one, line }) => {
      const options = optionsOf(line);
      const isV1 = line.some(({ module }) => isPydanticV1(module));
      const owner = one.class.name;
      const expand = (field: Field, names: readonly string[], isOptional: boolean, depth: number): Setting[] => {
        const { assignment, module } = field;
        const value = defaultIn(field);
        const isRequired =
          value?.kind === 'ellipsis' ||
          (value === undefined && !(isV1 && /^Optional\[|\|\s*None\b/.test(assignment.type ?? '')));
        const nested = resolve(models, module, bareType(assignment.type));
        const [name = '', ...aliases] = names;
        if (nested !== undefined && depth < 3) {
          const nestedLine = ancestors(models, nested);
          // A settings class within reads its own variables, unless it is given by those of the outer one.
          if (isSettings(nestedLine) && (options.delimiter === undefined || !isRequired)) return [];
          // Without a delimiter the whole model is one variable, as JSON.
          if (options.delimiter !== undefined)
            return fieldsOf(nestedLine).flatMap((inner) => {
              const innerName = `${name}${options.delimiter}${inner.assignment.target}`;
              const cased = options.isCaseSensitive ? innerName : innerName.toUpperCase();
              return expand(inner, [cased], isOptional || !isRequired, depth + 1);
            });
        }
        return [
          {
            name,
            ...(aliases.length > 0 ? { aliases } : {}),
            attribute: assignment.target,
            owner,
            ...defaultOf(name, value),
            isRequired: isRequired && !isOptional && !isGiven(owner, assignment.target),
            ...(isRequired && isSpread(owner) ? { isUnsure: true as const } : {}),
            ...(assignment.type === undefined ? {} : { type: assignment.type }),
            evidence: readAt(context.view, module.path, assignment.line, name),
          },
        ];
      };
      return fieldsOf(line).flatMap((field) => expand(field, namesOf(field, options, isV1), false, 0));
    });
};

const callsOf = (context: Context, settings: readonly Known[]): ReadonlyMap<string, readonly Call[]> => {
  const names = new Set(settings.map((one) => one.class.name));
  const calls = new Map<string, Call[]>();
  for (const module of modulesWith(context, ...[...names].map((name) => `${name}(`))) {
    for (const call of module.calls) {
      const name = call.callee.split('.').at(-1) ?? call.callee;
      if (names.has(name)) calls.set(name, [...(calls.get(name) ?? []), call]);
    }
  }
  return calls;
};

// Models that settings have as fields may stand in modules of their own.
const modelsOf = (context: Context, known: readonly Known[]): readonly Known[] => {
  const types = new Set(
    known.flatMap(({ module, class: { name } }) =>
      module.assignments
        .filter(({ within, type }) => within.at(-1) === name && type !== undefined)
        .map(({ type }) => bareType(type).split('.').at(-1) ?? ''),
    ),
  );
  const own = new Set(known.map((one) => one.class.name));
  const open = [...types].filter((type) => /^[A-Z]\w+$/.test(type) && !own.has(type));
  if (open.length === 0) return known;
  const others = modulesWith(context, ...open.map((name) => `class ${name}`)).flatMap((module) =>
    module.classes
      .filter(({ bases }) => bases.some((base) => /(?:^|\.)BaseModel$/.test(base)))
      .map((one) => ({ module, class: one })),
  );
  return [
    ...known,
    ...others.filter((one) => !known.some((same) => same.module === one.module && same.class.name === one.class.name)),
  ];
};
