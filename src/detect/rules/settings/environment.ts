import type { Argument, Expression, Python } from '../../read/python.ts';
import { type Context, modulesWith } from '../code/context.ts';
import { isBelowMain } from '../code/startUp.ts';
import { readAt } from '../code/withoutSecrets.ts';
import { defaultOf, type Setting } from './setting.ts';

type Read = {
  readonly name: string;
  readonly fallback: Expression | undefined;
  /** Without it and without a default the read fails. */
  readonly isStrict: boolean;
  readonly line: number;
  readonly text: string;
  readonly within: readonly string[];
};

// `environ` by whatever name; the module itself when it is `os`.
const namesOf = ({ imports }: Python, module: string, name: string): readonly string[] => [
  ...imports.filter((one) => one.module === module && one.name === name).map(({ local }) => local),
  ...imports.filter((one) => one.module === module && one.name === undefined).map(({ local }) => `${local}.${name}`),
];

const given = (args: readonly Argument[], position: number, name = 'default'): Expression | undefined =>
  args.find((arg) => arg.name === name)?.value ?? args.filter((arg) => arg.name === undefined)[position]?.value;

const nameIn = (module: Python, value: Expression | undefined): string | undefined => {
  const constant =
    value?.kind === 'name'
      ? module.assignments.find(({ target, within }) => target === value.text && within.length === 0)?.value
      : value;
  return constant?.kind === 'string' && /^[A-Za-z_]\w{0,199}$/.test(constant.value) ? constant.value : undefined;
};

const ofOs = (module: Python, text: string): Read[] => {
  const environ = namesOf(module, 'os', 'environ');
  const getenv = [...namesOf(module, 'os', 'getenv'), ...environ.map((name) => `${name}.get`)];
  const setters = environ.map((name) => `${name}.setdefault`);
  const isWritten = (line: number) =>
    module.assignments.some((one) => one.line === line && environ.some((name) => one.target.startsWith(`${name}[`)));
  // `if "X" in os.environ`, `if os.environ.get("X")`: it is looked at before it is read.
  const isGuarded = (name: string) =>
    new RegExp(`["']${name}["']\\s+(?:not\\s+)?in\\s+(?:os\\.)?environ\\b`).test(text) ||
    module.calls.some(({ callee, args }) => getenv.includes(callee) && nameIn(module, args[0]?.value) === name);
  return [
    ...module.calls.flatMap((call): Read[] => {
      const name = nameIn(module, call.args[0]?.value);
      if (name === undefined || !(getenv.includes(call.callee) || setters.includes(call.callee))) return [];
      return [{ ...call, name, fallback: given(call.args, 1), isStrict: false }];
    }),
    ...module.indexes.flatMap(({ of, key, line, within }): Read[] => {
      const name = environ.includes(of) ? nameIn(module, key) : undefined;
      if (name === undefined || isWritten(line)) return [];
      return [{ name, fallback: undefined, isStrict: !isGuarded(name), line, text: `${of}[${key.text}]`, within }];
    }),
  ];
};

// How a library's reader is made, which methods read, and at which position its default stands.
const libraries = [
  { module: 'starlette.config', maker: 'Config', position: 2 },
  { module: 'decouple', maker: 'Config', position: 1 },
  { module: 'decouple', maker: 'AutoConfig', position: 1 },
  { module: 'environs', maker: 'Env', position: 1 },
  { module: 'environ', maker: 'Env', position: 1 },
] as const;
const notReading = /^(?:read_env(?:ie)?|prefixed|add_parser|parser_for|seal|dump|file|get|is_|__)/;

/** `presets`: defaults that are given when it is made, `Env(DEBUG=(bool, False))`. */
type Reader = { readonly name: string; readonly position: number; readonly presets: readonly Argument[] };

const readersMade = (module: Python): Reader[] =>
  libraries.flatMap(({ module: from, maker, position }) => {
    const makers = namesOf(module, from, maker);
    return module.assignments.flatMap(({ target, value }) =>
      value?.kind === 'call' && makers.includes(value.callee) ? [{ name: target, position, presets: value.args }] : [],
    );
  });

const ofLibraries = (module: Python, shared: readonly Reader[]): Read[] => {
  const readers: Reader[] = [
    ...readersMade(module),
    ...namesOf(module, 'decouple', 'config').map((name) => ({ name, position: 1, presets: [] })),
    ...module.imports.flatMap(({ name, local, module: from }) => {
      const reader = shared.find((one) => one.name === name);
      return reader && !['decouple', 'os'].includes(from) ? [{ ...reader, name: local }] : [];
    }),
  ];
  const makers = libraries.flatMap(({ module: from, maker, position }) =>
    namesOf(module, from, maker).map((name) => ({ name: `${name}(`, position, presets: [] as readonly Argument[] })),
  );
  return module.calls.flatMap((call): Read[] => {
    const reader =
      readers.find(({ name }) => call.callee === name || call.callee.startsWith(`${name}.`)) ??
      makers.find(({ name }) => call.callee.startsWith(name) && call.callee.endsWith(')'));
    const name = nameIn(module, call.args[0]?.value);
    if (reader === undefined || name === undefined) return [];
    const method = call.callee.endsWith(')') ? '' : call.callee.slice(reader.name.length + 1);
    if (notReading.test(method) || method.includes('.')) return [];
    const fallback = given(call.args, reader.position) ?? reader.presets.find((preset) => preset.name === name)?.value;
    return [{ ...call, name, fallback, isStrict: true }];
  });
};

// `with env.prefixed("APP_"):` counts for the lines that are indented below it.
const prefixAt = (module: Python, lines: readonly string[], line: number): string => {
  const indentOf = (at: number) => (/^\s*/.exec(lines[at - 1] ?? '')?.[0] ?? '').length;
  return module.calls
    .filter(({ callee }) => callee.endsWith('.prefixed'))
    .filter((call) => {
      if (call.line >= line) return false;
      for (let at = call.line + 1; at <= line; at += 1) {
        if (lines[at - 1]?.trim() && indentOf(at) <= indentOf(call.line)) return false;
      }
      return true;
    })
    .map(({ args }) => (args[0]?.value.kind === 'string' ? args[0].value.value : ''))
    .join('');
};

const attributeOf = (module: Python, { text, line, name }: Read): string =>
  module.assignments.findLast((one) => one.line <= line && one.value?.text.includes(text))?.target ?? name;

// With `None` as its default a reader that fails otherwise returns it.
const isRequired = ({ isStrict, fallback }: Read): boolean => isStrict && fallback === undefined;

/** Reads of the environment that are no settings class: os, and the readers of starlette, decouple, environs, django-environ. */
export const environmentReads = (context: Context): readonly Setting[] => {
  const own = modulesWith(context, 'environ', 'getenv', 'decouple', 'starlette.config');
  const shared = own.flatMap(readersMade);
  const calls = shared.flatMap(({ name }) => [`${name}("`, `${name}('`, `${name}.`]);
  const modules = new Set([...own, ...(calls.length > 0 ? modulesWith(context, ...calls) : [])]);
  return [...modules].flatMap((module) => {
    const text = context.view.read(module.path) ?? '';
    const lines = text.split('\n');
    const isFunction = new Set(module.functions.map(({ name }) => name));
    const prefixed = ofLibraries(module, shared).map((read) => ({
      ...read,
      name: prefixAt(module, lines, read.line) + read.name,
    }));
    const reads = [...ofOs(module, text), ...prefixed].filter(
      ({ line }) => !isBelowMain(context.view, module.path, line),
    );
    return reads.map((read) => ({
      name: read.name,
      attribute: attributeOf(module, read),
      owner: module.path,
      ...defaultOf(read.name, read.fallback),
      isRequired: isRequired(read),
      ...(read.within.some((name) => isFunction.has(name)) ? { isUnsure: true as const } : {}),
      evidence: readAt(context.view, module.path, read.line, read.name),
    }));
  });
};
