import { printable } from '../base/printable.ts';
import { bounds } from './bounds.ts';
import type { Tag } from './tags.ts';

/** What keeps a template from being rendered. */
export type Problem = { readonly line: number; readonly what: string };

/** What a tag does. */
export type Form = 'print' | 'test' | 'each' | 'otherwise' | 'end' | 'slot';

/** A block that is open; `name`: the variable of a loop. */
type Block = { readonly tag: Tag; readonly form: Form; readonly name?: string };

export type Ended = {
  /** Paths that begin with nothing that the model has, and no loop around them. */
  readonly missing: readonly Problem[];
  /** Blocks that are not closed, or not opened, in this file. */
  readonly unpaired: readonly Problem[];
  readonly paths: ReadonlyMap<string, number>;
};

/**
 * Follows the blocks of one file from tag to tag, and writes each tag as EJS is to see it: a path becomes a look-up (lookups.ts) by
 * quoted names, so no name of a template is ever one of the code that EJS makes of it. There is nothing else that it could reach.
 */
export const blocksOver = (keys: ReadonlySet<string>) => {
  const open: Block[] = [];
  const missing: Problem[] = [];
  const unpaired: Problem[] = [];
  const paths = new Map<string, number>();

  // Counted, not looked up among the open blocks: whoever opens a hundred thousand would have each looked at for each tag.
  let loops = 0;
  const named = new Map<string, number>();
  const count = ({ form, name = '' }: Block, by: 1 | -1): void => {
    if (form !== 'each') return;
    loops += by;
    named.set(name, (named.get(name) ?? 0) + by);
  };

  // Each loop has a scope of its own, which holds that of the loop around it.
  const scope = (): string => `s${loops}`;
  const lookUp = ({ line }: Tag, path: string, ...before: readonly string[]): string => {
    const parts = path.split('.');
    const [root = ''] = parts;
    if (!keys.has(root) && !named.get(root)) {
      missing.push({ line, what: `the model has no ${printable(path, 100)}` });
    }
    if (!paths.has(path)) paths.set(path, line);
    return [scope(), ...[...before, ...parts].map((part) => JSON.stringify(part))].join(', ');
  };
  const begin = (block: Block): void => {
    open.push(block);
    count(block, 1);
    if (open.length !== bounds.depth + 1) return;
    unpaired.push({ line: block.tag.line, what: `more than ${bounds.depth} blocks inside one another` });
  };
  const close = ({ text, line }: Tag, isRight: (opened: Form) => boolean): void => {
    const block = open.pop();
    if (block !== undefined) count(block, -1);
    if (block === undefined || !isRight(block.form)) unpaired.push({ line, what: `${text} closes nothing` });
  };

  const writers: Readonly<Record<Form, (tag: Tag, path: string, name: string) => string>> = {
    print: (tag, path) => `<%- print(${lookUp(tag, path)}) %>`,
    test: (tag, path) => {
      const flag = lookUp(tag, path);
      begin({ tag, form: 'test' });
      return `<% if (test(${flag})) { -%>`;
    },
    each: (tag, path, name) => {
      const list = lookUp(tag, path, name);
      begin({ tag, form: 'each', name });
      return `<% for (const ${scope()} of each(${list})) { -%>`;
    },
    otherwise: (tag) => {
      close(tag, (opened) => opened === 'test');
      open.push({ tag, form: 'otherwise' });
      return tag.text;
    },
    end: (tag) => {
      close(tag, () => true);
      return tag.text;
    },
    slot: ({ text, line, isAlone }) => {
      if (!isAlone) unpaired.push({ line, what: `${text} has no line of its own` });
      return text;
    },
  };
  return {
    take: (tag: Tag, form: Form, { path = '', name = '' }: Readonly<Record<string, string>>): string =>
      writers[form](tag, path, name),
    ended: (): Ended => {
      for (const { tag } of open)
        unpaired.push({ line: tag.line, what: `${printable(tag.text, 100)} has no <% } -%>` });
      return { missing, unpaired, paths };
    },
  };
};
