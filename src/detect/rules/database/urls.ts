import type { DatabaseForm, Evidence } from '../../model.ts';
import type { Argument, Call, Expression, Python } from '../../read/python.ts';
import { type Context, modulesWith } from '../code/context.ts';
import { readAt } from '../code/withoutSecrets.ts';

type Part = { readonly form: DatabaseForm; readonly text: string };

/** A place where the code says what URL of PostgreSQL it wants. */
export type UrlUse = {
  /**
   * `built`: put together of parts. `rewritten`: `from` is replaced by `scheme`. `checked`: a URL is compared with it.
   * `literal`: it is written down as a whole, with user and host.
   */
  readonly how: 'built' | 'rewritten' | 'checked' | 'literal' | 'named';
  /** Without `://`; undefined where the code computes it. */
  readonly scheme: string | undefined;
  readonly from?: string;
  readonly parts: readonly Part[];
  readonly module: Python;
  readonly within: readonly string[];
  readonly evidence: Evidence;
};

const scheme = /^(postgres(?:ql)?(?:\+\w+)?)(?::\/\/)?$/;
const start = /^(postgres(?:ql)?(?:\+\w+)?):\/\//;

const schemeIn = (text: string): string | undefined =>
  /\bpostgres(?:ql)?\+\w+/.exec(text)?.[0] ?? /(?<![\w.+])postgres(?:ql)?(?=(?::\/\/)?["'])/.exec(text)?.[0];

/** Which part of a URL each expression is, by the signs before it: `user:password@host:port/name`. */
const partsOf = (parts: readonly Expression[]): Part[] => {
  const found: Part[] = [];
  const hasUser = parts.some((part) => part.kind === 'string' && part.value.includes('@'));
  let isBeforeHost = hasUser;
  let isFirst = true;
  let next: DatabaseForm = hasUser ? 'user' : 'host';
  for (const part of parts) {
    if (part.kind !== 'string') {
      found.push({ form: next, text: part.text });
      isFirst = false;
      continue;
    }
    const { value } = part;
    const rest = value.includes('://') ? value.slice(value.indexOf('://') + 3) : value;
    if (rest.includes('?')) break;
    if (rest.includes('@')) isBeforeHost = false;
    const sign = /[:@/](?=[^:@/]*$)/.exec(rest)?.[0];
    if (sign === '@') next = 'host';
    else if (sign === '/') next = 'name';
    else if (sign === ':') next = isBeforeHost ? 'password' : 'port';
    else if (isFirst) next = hasUser ? 'user' : 'host';
  }
  // `{credentials}@host`: one thing before the @.
  const isWhole = hasUser && !found.some(({ form }) => form === 'password');
  return found.map((part) => (isWhole && part.form === 'user' ? { ...part, form: 'credentials' as const } : part));
};

const keywords: Readonly<Record<string, DatabaseForm>> = {
  user: 'user',
  username: 'user',
  password: 'password',
  host: 'host',
  port: 'port',
  path: 'name',
  database: 'name',
  dbname: 'name',
  db: 'name',
};

const byKeyword = (args: readonly Argument[]): Part[] =>
  args.flatMap(({ name, value }) => {
    const form = name === undefined ? undefined : keywords[name];
    if (form === undefined || value.kind === 'string' || value.kind === 'none') return [];
    // `host=f"{host}:{port}"`, as PostgresDsn.build takes it.
    if (form === 'host' && value.kind === 'concat') return partsOf(value.parts);
    return [{ form, text: value.text }];
  });

const builders = /(?:^|\.)(?:\w*Dsn|MultiHostUrl|Url|AnyUrl)\.build$|(?:^|\.)URL(?:\.create)?$|^URL\.build$/;
const connectors = /^(?:asyncpg|psycopg|psycopg2|aiopg)\.(?:\w+\.)*(?:connect|create_pool)$/;

const ofCall = (call: Call): Omit<UrlUse, 'module' | 'within' | 'evidence'> | undefined => {
  const { callee, args } = call;
  if (builders.test(callee)) {
    const said = args.find(({ name }) => name === 'scheme' || name === 'drivername') ?? args[0];
    const text = said?.value.kind === 'string' ? `"${said.value.value}"` : (said?.value.text ?? '');
    const parts = byKeyword(args);
    const found = schemeIn(text);
    if (found === undefined && /mysql|sqlite|redis|amqp|mongo|https?\b/.test(text)) return undefined;
    const isOther = /Redis|Amqp|Http|MySQL|Mongo|Kafka/i.test(callee);
    return isOther || parts.length < 2 ? undefined : { how: 'built', scheme: found, parts };
  }
  if (connectors.test(callee)) {
    const parts = byKeyword(args);
    return parts.length < 2 ? undefined : { how: 'built', scheme: 'postgresql', parts };
  }
  if (/\.format$/.test(callee) && start.test(callee.replace(/^[A-Za-z]*["']+/, ''))) {
    const text = callee.replace(/^[A-Za-z]*["']+/, '').replace(/["']+\.format$/, '');
    const [, said] = start.exec(text) ?? [];
    let next = 0;
    const pieces = text.split(/(\{\w*\})/).map((piece): Expression => {
      if (!/^\{\w*\}$/.test(piece)) return { kind: 'string', value: piece, text: piece };
      const arg = args.find(({ name }) => name === piece.slice(1, -1) && name !== '') ?? args[next];
      next += 1;
      return { kind: 'other', text: arg?.value.text ?? piece };
    });
    return { how: 'built', scheme: said, parts: partsOf(pieces) };
  }
  const texts = args.map(({ value }) => (value.kind === 'string' ? value.value : undefined));
  if (/\.(?:replace|sub)$/.test(callee)) {
    const given = callee.endsWith('re.sub') ? [texts[0]?.replace(/^\^/, ''), texts[1]] : texts;
    const [from, to] = given.map((text) => scheme.exec(text?.replace(/:$/, '') ?? '')?.[1]);
    if (to !== undefined) return { how: 'rewritten', scheme: to, ...(from ? { from } : {}), parts: [] };
    // `.replace("+asyncpg", "")`
    const [, driver] = /^\+(\w+)$/.exec(texts[0] ?? '') ?? [];
    if (driver) return { how: 'rewritten', scheme: 'postgresql', from: `postgresql+${driver}`, parts: [] };
  }
  if (/\.set$/.test(callee) && args.some(({ name }) => name === 'drivername')) {
    const to = schemeIn(args.find(({ name }) => name === 'drivername')?.value.text ?? '');
    if (to !== undefined) return { how: 'rewritten', scheme: to, parts: [] };
  }
  if (/\.(?:startswith|removeprefix)$/.test(callee)) {
    const found = scheme.exec(texts[0] ?? '')?.[1];
    if (found !== undefined) return { how: 'checked', scheme: found, parts: [] };
  }
  return undefined;
};

const deepest = 3;

/** The parts, with those put in place that were put together before under a name of their own: `f"…://{credentials}@{host}"`. */
const unfolded = (module: Python, within: readonly string[], parts: readonly Expression[], depth = 0): Expression[] =>
  parts.flatMap((part) => {
    if (part.kind === 'concat') return unfolded(module, within, part.parts, depth);
    if (part.kind !== 'name' || depth === deepest) return [part];
    const value = module.assignments.find(
      (one) =>
        one.target === part.text &&
        one.within.length === within.length &&
        one.within.every((name, at) => name === within[at]),
    )?.value;
    return value?.kind === 'concat' ? unfolded(module, within, value.parts, depth + 1) : [part];
  });

const ofJoin = (parts: readonly Expression[]): Omit<UrlUse, 'module' | 'within' | 'evidence'> | undefined => {
  const [first] = parts;
  if (first?.kind !== 'string' || parts.length < 2) return undefined;
  if (/^postgres(?:ql)?\+$/.test(first.value))
    return { how: 'built', scheme: undefined, parts: partsOf(parts.slice(2)) };
  const [, said] = start.exec(first.value) ?? [];
  if (said !== undefined && parts.some(({ kind }) => kind !== 'string')) {
    return { how: 'built', scheme: said, parts: partsOf(parts) };
  }
  return undefined;
};

/** Every place in the app's code that builds, rewrites, checks or names a URL of PostgreSQL. */
export const urlUses = (context: Context): readonly UrlUse[] => {
  const { view } = context;
  const words = [
    'postgresql',
    'postgres:',
    'Dsn.build',
    'URL.create',
    'drivername',
    'asyncpg',
    'psycopg',
    'MultiHostUrl',
  ];
  return modulesWith(context, ...words).flatMap((module): UrlUse[] => {
    const uses: UrlUse[] = [];
    const add = (
      use: Omit<UrlUse, 'module' | 'within' | 'evidence'> | undefined,
      line: number,
      within: readonly string[],
    ) => {
      if (use !== undefined) uses.push({ ...use, module, within, evidence: readAt(view, module.path, line, '') });
    };
    for (const call of module.calls) add(ofCall(call), call.line, call.within);
    for (const { parts, line, within } of module.joins) add(ofJoin(unfolded(module, within, parts)), line, within);
    for (const { value, line } of module.strings) {
      const [, whole] = start.exec(value) ?? [];
      const [, named] = scheme.exec(value) ?? [];
      if (whole === undefined && named === undefined) continue;
      const shared = { parts: [], module, within: [], evidence: readAt(view, module.path, line, '') };
      if (named !== undefined && /\+|:\/\//.test(value)) uses.push({ how: 'named', scheme: named, ...shared });
      else if (whole !== undefined) uses.push({ how: 'literal', scheme: whole, ...shared });
    }
    return uses;
  });
};
