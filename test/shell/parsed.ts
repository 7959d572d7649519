import sh from 'mvdan-sh';

const { syntax } = sh;

/** A node of the tree, with what all kinds have, and the fields of its own kind by name. */
export type Node = sh.Node & Readonly<Record<string, unknown>>;

/** A script as bash would take it apart. */
export type Parsed = {
  readonly file: string;
  readonly root: Node;
  readonly text: (node: Node) => string;
  readonly between: (left: Node, right: Node) => string;
};

export const parsed = (file: string, source: string): Parsed => {
  const bytes = Buffer.from(source);
  const slice = (from: number, to: number): string => bytes.subarray(from, to).toString('utf8');
  return {
    file,
    root: syntax.NewParser().Parse(source, file) as unknown as Node,
    text: (node) => slice(node.Pos().Offset(), node.End().Offset()),
    between: (left, right) => slice(left.End().Offset(), right.Pos().Offset()).trim(),
  };
};

export const kindOf = (node: Node): string => syntax.NodeType(node as never);
export const nodes = (value: unknown): readonly Node[] =>
  Array.isArray(value) ? value.filter((one): one is Node => one !== null) : [];
export const nodeOf = (value: unknown): Node | undefined =>
  value === null || value === undefined ? undefined : (value as Node);

/** Each node, with the function that it stands in ('' outside of all). */
export const each = (root: Node, visit: (node: Node, kind: string, inside: string) => void): void => {
  const open: string[] = [];
  syntax.Walk(
    root as never,
    ((node: Node | null): boolean => {
      if (node === null) {
        open.pop();
        return true;
      }
      const kind = kindOf(node);
      const inside = open.at(-1) ?? '';
      visit(node, kind, inside);
      open.push(kind === 'FuncDecl' ? ((nodeOf(node.Name) as Node | undefined)?.Value as string) : inside);
      return true;
    }) as never,
  );
};
