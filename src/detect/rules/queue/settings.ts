import type { Class, Expression, Python } from '../../read/python.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';
import { classOf, type Definition, definitionOf } from '../code/definitions.ts';
import type { Source } from './source.ts';

type Owner = Extract<Definition, { kind: 'class' }>;

const deepest = 6;

/** The class and those of the project that it inherits from, itself first. */
const lineage = (context: Context, owner: Owner, depth = 0): readonly Owner[] => [
  owner,
  ...(depth > deepest
    ? []
    : owner.class.bases.flatMap((base) => {
        const parent = definitionOf(context, owner.module, base, owner.class.within);
        return parent?.kind === 'class' && parent.class !== owner.class ? lineage(context, parent, depth + 1) : [];
      })),
];

const isSettings = (context: Context, owner: Owner): boolean =>
  lineage(context, owner).some(({ class: each }) => each.bases.some((base) => /(?:^|\.)BaseSettings$/.test(base)));

const body = (of: Class): readonly string[] => [...of.within, of.name];
const isIn = (within: readonly string[], scope: readonly string[]): boolean =>
  within.length === scope.length && scope.every((name, index) => within[index] === name);

/** An option of pydantic: in the head of the class, in model_config or in `class Config`. */
const optionOf = (context: Context, owner: Owner, name: string): string | undefined => {
  for (const { class: each, module } of lineage(context, owner)) {
    const keyword = each.keywords.find((argument) => argument.name === name)?.value;
    const config = module.assignments.find(
      ({ target, within }) => target === 'model_config' && isIn(within, body(each)),
    )?.value;
    const inConfig = module.assignments.find(
      ({ target, within }) => target === name && isIn(within, [...body(each), 'Config']),
    )?.value;
    const given = config?.kind === 'call' ? config.args.find((argument) => argument.name === name)?.value : undefined;
    const said = keyword ?? given ?? inConfig;
    if (said) return said.kind === 'string' ? said.value : said.text;
    const [, text] = new RegExp(`["']${name}["']\\s*:\\s*["']([^"']*)["']`).exec(config?.text ?? '') ?? [];
    if (text !== undefined) return text;
  }
  return undefined;
};

const literal = (value: Expression | undefined): string | undefined => {
  if (value?.kind === 'string') return value.value;
  if (value?.kind === 'number') return value.text;
  if (value?.kind === 'none') return '';
  if (value?.kind === 'concat') {
    const parts = value.parts.map((part) => (part.kind === 'string' ? part.value : ''));
    return parts.join('');
  }
  if (value?.kind !== 'call') return undefined;
  const positional = value.args.filter(({ name }) => name === undefined);
  const isField = /(?:^|\.)Field$/.test(value.callee);
  // `config("NAME", default=…)` as the default of a field.
  const at = isField || /Dsn$|Url$|SecretStr$/.test(value.callee) ? 0 : 1;
  return literal(value.args.find(({ name }) => name === 'default')?.value ?? positional[at]?.value);
};

const aliasOf = (type: string | undefined, value: Expression | undefined): string | undefined => {
  const texts = [value?.kind === 'call' ? value.text : '', type?.startsWith('Annotated') ? type : ''];
  for (const name of ['validation_alias', 'alias', 'env']) {
    for (const text of texts) {
      const [, alias] = new RegExp(`\\b${name}\\s*=\\s*(?:AliasChoices\\(|\\[)?\\s*["'](\\w+)["']`).exec(text) ?? [];
      if (alias !== undefined) return alias;
    }
  }
  return undefined;
};

const fieldSource = (
  context: Context,
  owner: Owner,
  module: Python,
  field: Python['assignments'][number],
  prefix: string,
): Source => {
  const isCaseSensitive = optionOf(context, owner, 'case_sensitive') === 'True';
  const name = aliasOf(field.type, field.value) ?? `${prefix}${field.target}`;
  return {
    name: isCaseSensitive ? name : name.toUpperCase(),
    preset: literal(field.value),
    evidence: quoted(context.view, module.path, field.line),
  };
};

/** The variable behind a field of pydantic's settings, as `settings.redis.url` names it; undefined where it is no such field. */
export const environmentName = (
  context: Context,
  module: Python,
  name: string,
  within: readonly string[],
  depth = 0,
): Source | undefined => {
  const definition = definitionOf(context, module, name, within);
  if (definition?.kind !== 'value' || depth > deepest) return undefined;
  const field = definition.assignment;
  const held = definition.module.classes.find((each) => isIn(field.within, body(each)));
  if (held === undefined) return undefined;
  const owner: Owner = { kind: 'class', module: definition.module, class: held };
  // The prefix is that of the class which is made, which may inherit the field.
  const parentName = name.split('.').slice(0, -1).join('.');
  if (isSettings(context, owner)) {
    const made = parentName === '' ? owner : (ownerOf(context, module, parentName, within) ?? owner);
    return fieldSource(context, made, definition.module, field, optionOf(context, made, 'env_prefix') ?? '');
  }
  if (parentName.includes('.')) {
    const parent = environmentName(context, module, parentName, within, depth + 1);
    const top = ownerOf(context, module, parentName.split('.').slice(0, -1).join('.'), within);
    const delimiter = top && optionOf(context, top, 'env_nested_delimiter');
    if (parent && top && delimiter) {
      return fieldSource(context, top, definition.module, field, `${parent.name}${delimiter}`);
    }
  }
  return undefined;
};

const ownerOf = (context: Context, module: Python, name: string, within: readonly string[]): Owner | undefined =>
  classOf(context, definitionOf(context, module, name, within));

/** Every field of every settings class, with the variable that it is read from. */
export const settingsFields = (context: Context): readonly { readonly attribute: string; readonly source: Source }[] =>
  modulesWith(context, 'Settings').flatMap((module) =>
    module.classes.flatMap((each) => {
      const owner: Owner = { kind: 'class', module, class: each };
      if (!isSettings(context, owner)) return [];
      const prefix = optionOf(context, owner, 'env_prefix') ?? '';
      return module.assignments
        .filter(({ target, type, within }) => type !== undefined && /^\w+$/.test(target) && isIn(within, body(each)))
        .map((field) => ({ attribute: field.target, source: fieldSource(context, owner, module, field, prefix) }));
    }),
  );
