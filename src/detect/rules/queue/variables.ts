import { argument } from '../../read/arguments.ts';
import type { Expression, Python } from '../../read/python.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';
import { type Definition, definitionOf, dotted } from '../code/definitions.ts';
import { environmentName, settingsFields } from './settings.ts';
import type { Source } from './source.ts';

/** An expression, flat: what stands in it, and what is put in. */
export type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly source: Source };

const deepest = 8;

const presetOf = (expression: Expression | undefined): string | undefined => {
  if (expression?.kind === 'string') return expression.value;
  if (expression?.kind === 'number') return expression.text;
  if (expression?.kind === 'none') return '';
  if (expression?.kind !== 'call') return undefined;
  const named = expression.args.find(({ name }) => name === 'default')?.value;
  const last = expression.callee.split('.').at(-1) ?? '';
  return presetOf(
    named ?? expression.args.filter(({ name }) => name === undefined)[readsVariable(last) ? 1 : 0]?.value,
  );
};

// getenv, os.environ.get, decouple's and starlette's config, environs' env.str, and functions that are named like them.
const readsVariable = (last: string): boolean => /^(?:getenv|get_?env\w*|env\w*|config)$/i.test(last);
const isRead = (callee: string): boolean => {
  const [last = '', owner = ''] = callee.split('.').reverse();
  return readsVariable(last) || (last === 'get' && owner === 'environ') || /^env(?:iron)?$/i.test(owner);
};
const wrapper = /^(?:str|int|quote|quote_plus|SecretStr|(?:\w+\.)?\w*(?:Dsn|Url|URL))$/;
const accessor = /\.(?:unicode_string|get_secret_value|strip|rstrip|lower|human_repr|render_as_string|__str__)$/;
const inText =
  /(?:getenv|get_?env|environ\.get|environ|\benv(?:\.\w+)?|\bconfig)\s*[([]\s*["']([A-Za-z_]\w*)["'](?:\s*,\s*(?:default\s*=\s*)?["']([^"']*)["'])?/g;

export class Resolver {
  readonly #context: Context;
  readonly #fields: ReturnType<typeof settingsFields>;
  // What resolves to what resolves to itself ends here, whatever the depth.
  #left = 20_000;

  constructor(context: Context) {
    this.#context = context;
    this.#fields = settingsFields(context);
  }

  fieldsNamed(pattern: RegExp): readonly Source[] {
    return this.#fields.map(({ source }) => source).filter(({ name }) => pattern.test(name));
  }

  /** What an expression is made of; empty where nothing is known of it. */
  pieces(module: Python, expression: Expression | undefined, within: readonly string[], depth = 0): readonly Piece[] {
    this.#left -= 1;
    if (expression === undefined || depth > deepest || this.#left < 0) return [];
    const inner = (value: Expression | undefined) => this.pieces(module, value, within, depth + 1);
    const name = dotted(expression);
    if (name !== undefined) return this.#name(module, name, within, depth);
    switch (expression.kind) {
      case 'string':
        return [{ kind: 'literal', text: expression.value }];
      case 'number':
        return [{ kind: 'literal', text: expression.text }];
      case 'concat':
        return expression.parts.flatMap(inner);
      case 'index':
        return /(?:^|\.)environ$/.test(expression.of) && expression.key.kind === 'string'
          ? [this.#variable(expression.key.value, undefined, module, expression.text)]
          : [];
      case 'call': {
        const { callee, args } = expression;
        const [first] = args;
        if (isRead(callee) && first?.value.kind === 'string' && first.name === undefined) {
          const said = argument(args, 'default', 1);
          const preset = presetOf(said) ?? this.#text(module, said, within, depth);
          return [this.#variable(first.value.value, preset, module, expression.text, expression.line)];
        }
        if (accessor.test(callee)) return this.#name(module, callee.replace(accessor, ''), within, depth);
        if (wrapper.test(callee)) return inner(first?.value);
        if (/^field$|\.field$/.test(callee)) return inner(args.find(({ name }) => name === 'default_factory')?.value);
        if (/\.(?:build|format)$/.test(callee)) return args.flatMap(({ value }) => inner(value));
        return this.#name(module, callee, within, depth);
      }
      case 'other':
        return this.#other(module, expression.text, within, depth);
      default:
        return [];
    }
  }

  #text(module: Python, said: Expression | undefined, within: readonly string[], depth: number): string | undefined {
    const pieces = this.pieces(module, said, within, depth + 1);
    const isKnown = pieces.length > 0 && pieces.every(({ kind }) => kind === 'literal');
    return isKnown ? pieces.map((piece) => (piece.kind === 'literal' ? piece.text : '')).join('') : undefined;
  }

  #variable(name: string, preset: string | undefined, module: Python, text: string, line?: number): Piece {
    const lines = this.#context.view.read(module.path)?.split('\n') ?? [];
    const at = line ?? lines.findIndex((each) => each.includes(text.split('\n')[0] ?? '')) + 1;
    return { kind: 'variable', source: { name, preset, evidence: quoted(this.#context.view, module.path, at || 1) } };
  }

  #name(module: Python, name: string, within: readonly string[], depth: number): readonly Piece[] {
    const definition = definitionOf(this.#context, module, name, within);
    if (definition === undefined) return this.#parameter(module, name, within, depth) ?? this.#byAttribute(name);
    if (definition.kind === 'function') return this.#body(definition, depth);
    if (definition.kind !== 'value') return [];
    const field = environmentName(this.#context, module, name, within);
    if (field) return [{ kind: 'variable', source: field }];
    return this.pieces(definition.module, definition.assignment.value, definition.assignment.within, depth + 1);
  }

  /** A parameter of the function around: what its callers give. */
  #parameter(module: Python, name: string, within: readonly string[], depth: number): readonly Piece[] | undefined {
    const called = module.functions.findLast(
      (each) =>
        [...each.within, each.name].every((part, index) => within[index] === part) &&
        each.parameters.some((parameter) => parameter.name === name),
    );
    if (called === undefined) return undefined;
    const names = called.parameters
      .map((parameter) => parameter.name)
      .filter((each) => each !== 'self' && each !== 'cls');
    const target = called.name === '__init__' ? (called.within.at(-1) ?? '') : called.name;
    for (const caller of modulesWith(this.#context, `${target}(`)) {
      for (const call of caller.calls) {
        if (call.callee.split('.').at(-1) !== target) continue;
        const pieces = this.pieces(caller, argument(call.args, name, names.indexOf(name)), call.within, depth + 2);
        if (pieces.length > 0) return pieces;
      }
    }
    return [];
  }

  /** `settings` came from where it cannot be followed: the one field of that name, or the one that speaks of a queue. */
  #byAttribute(name: string): readonly Piece[] {
    const last = name.split('.').at(-1) ?? '';
    if (!name.includes('.')) return [];
    const fields = this.#fields.filter(({ attribute }) => attribute === last);
    const field = fields.length === 1 ? fields[0] : fields.find(({ source }) => queueName.test(source.name));
    return field ? [{ kind: 'variable', source: field.source }] : [];
  }

  /** A property or a function that puts a URL together. */
  #body({ module, function: of }: Extract<Definition, { kind: 'function' }>, depth: number): readonly Piece[] {
    const lines = this.#context.view.read(module.path)?.split('\n') ?? [];
    const indentOf = (line: string) => line.length - line.trimStart().length;
    const start = lines.findIndex((line, index) => index >= of.line - 1 && /^\s*(?:async )?def /.test(line));
    const outer = indentOf(lines[start] ?? '');
    const end = lines.findIndex((line, index) => index > start && line.trim() !== '' && indentOf(line) <= outer);
    const body = lines.slice(start + 1, end === -1 ? undefined : end).filter((line) => !/^\s*#/.test(line));
    const within = [...of.within, of.name];
    const mentioned = this.#mentioned(module, body.join('\n'), within, depth);
    const named = (pattern: RegExp) =>
      mentioned.filter((piece) => piece.kind === 'variable' && pattern.test(piece.source.name));
    const [, template] = /\bf["']([^"'\n]*:\/\/[^"'\n]*\{[^"'\n]*)["']/.exec(body.join('\n')) ?? [];
    if (template === undefined) return mentioned;
    // Where a whole URL may be given too, that is enough.
    const [url] = named(/(?:URL|URI|DSN)$/i);
    if (url) return [url];
    const parts = template
      .split(/[{}]/)
      .flatMap((text, index): readonly Piece[] =>
        index % 2 === 0
          ? [{ kind: 'literal', text }]
          : this.#name(module, text.replace(/[!:].*$/, ''), within, depth + 2),
      );
    const names = new Set(parts.map((part) => (part.kind === 'variable' ? part.source.name : '')));
    const besides = named(/PASS|USER/i).filter((piece) => piece.kind === 'variable' && !names.has(piece.source.name));
    return [...parts.filter((part) => part.kind === 'variable' || part.text !== ''), ...besides];
  }

  #mentioned(module: Python, text: string, within: readonly string[], depth: number): readonly Piece[] {
    const read = [...text.matchAll(inText)].map(([whole, name = '', preset]) =>
      this.#variable(name, preset, module, whole),
    );
    const names = new Set(text.match(/\b[A-Za-z_]\w*(?:\(\))?(?:\.[A-Za-z_]\w*)+/g) ?? []);
    const named = [...names].flatMap((name) =>
      this.#name(module, name, within, depth + 2).filter(({ kind }) => kind === 'variable'),
    );
    return [...read, ...named];
  }

  /** `a or b`, a lambda, a condition: the first that is a variable. */
  #other(module: Python, text: string, within: readonly string[], depth: number): readonly Piece[] {
    const [first] = this.#mentioned(module, text.slice(0, 500), within, depth);
    if (first?.kind !== 'variable') return [];
    const [, preset] = /\bor\s+["']([^"']*)["']\s*\)?$/.exec(text) ?? [];
    return [preset === undefined ? first : { kind: 'variable', source: { ...first.source, preset } }];
  }
}

/** Names that speak of a queue or a cache, wherever they are read. */
export const queueName = /REDIS|VALKEY|BROKER|RABBIT|AMQP|CELERY|RESULT_BACKEND/i;
