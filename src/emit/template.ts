type Scope = Readonly<Record<string, unknown>>;
type Node =
  | string
  | { readonly print: string }
  | { readonly flag: string; readonly yes: readonly Node[]; readonly no: readonly Node[] }
  | { readonly list: string; readonly name: string; readonly body: readonly Node[] };

const end = '<% } -%>';
const otherwise = '<% } else { -%>';

/** Every second token is a tag; a line's end that a tag takes away is no part of the text after it. */
const tokensOf = (template: string): readonly string[] =>
  template
    .split(/(<%[\s\S]*?%>)/)
    .map((token, index, all) =>
      index % 2 === 0 && all[index - 1]?.endsWith('-%>') ? token.replace(/^(?:\r\n|\r|\n)/, '') : token,
    );

const parse = (template: string): readonly Node[] => {
  const tokens = tokensOf(template);
  let at = -1;
  const closed = (opening: string): void => {
    if (tokens[at] !== end) throw new Error(`${opening} has no ${end}`);
  };
  const nodesOf = (opening: string): readonly Node[] => {
    const nodes: Node[] = [];
    at += 1;
    for (; at < tokens.length && tokens[at] !== end && tokens[at] !== otherwise; at += 1) {
      const token = tokens[at] ?? '';
      if (at % 2 === 0) nodes.push(token);
      else nodes.push(...nodeOf(token));
    }
    if (opening === '' && at < tokens.length) throw new Error(`${tokens[at]} closes nothing`);
    return nodes;
  };
  const nodeOf = (tag: string): readonly Node[] => {
    const [, flag] = /^<% if \((.*)\)/.exec(tag) ?? [];
    if (flag !== undefined) {
      const yes = nodesOf(tag);
      const no = tokens[at] === otherwise ? nodesOf(tag) : [];
      closed(tag);
      return [{ flag, yes, no }];
    }
    const [, name, list] = /^<% for \(const (\w+) of (.*)\)/.exec(tag) ?? [];
    if (name !== undefined && list !== undefined) {
      const body = nodesOf(tag);
      closed(tag);
      return [{ list, name, body }];
    }
    const [, print] = /^<%- (.*) %>/.exec(tag) ?? [];
    return print === undefined ? [] : [{ print }];
  };
  return nodesOf('');
};

// Own properties alone: no global, no prototype, nothing but what the model says.
const lookUp = (scope: Scope, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => {
    const found = Object.hasOwn(Object(value) as object, key) ? Reflect.get(Object(value) as object, key) : undefined;
    if (found === undefined) throw new Error(`the model has no ${path}`);
    return found;
  }, scope);

const textOf = (nodes: readonly Node[], scope: Scope): string =>
  nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      if ('print' in node) return String(lookUp(scope, node.print) ?? '');
      if ('flag' in node) return textOf(lookUp(scope, node.flag) ? node.yes : node.no, scope);
      const values = lookUp(scope, node.list) as Iterable<unknown>;
      return [...values].map((value) => textOf(node.body, { ...scope, [node.name]: value })).join('');
    })
    .join('');

/**
 * The text of a template in the house grammar (src/emit/grammar.ts), exactly as EJS would render it. Read and never compiled: to EJS
 * every name that the model has not is a global, `process.env` for one, so to EJS no template is data.
 */
export const renderHouse = (template: string, model: Scope): string => textOf(parse(template), model);
