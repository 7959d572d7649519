/** An expression, as far as rules look into it; `text` is its source. */
export type Expression =
  | { readonly kind: 'string'; readonly value: string; readonly text: string }
  | { readonly kind: 'number' | 'boolean' | 'none' | 'ellipsis' | 'other'; readonly text: string }
  /** A dotted name: `settings.API_V1`. */
  | { readonly kind: 'name'; readonly text: string }
  | {
      readonly kind: 'call';
      readonly callee: string;
      readonly args: readonly Argument[];
      readonly text: string;
      readonly line: number;
    }
  /** Strings that are put together: f"{a}/b", a + "/b", "a" "b". */
  | { readonly kind: 'concat'; readonly parts: readonly Expression[]; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly text: string }
  /** `x[key]` */
  | { readonly kind: 'index'; readonly of: string; readonly key: Expression; readonly text: string };

/** `name` is undefined for a positional argument. */
export type Argument = { readonly name: string | undefined; readonly value: Expression };
export type Call = Extract<Expression, { kind: 'call' }>;

/** `from module import name as local`; of `import module as local`, `name` is undefined. `module` keeps leading dots. */
export type Import = {
  readonly module: string;
  readonly name: string | undefined;
  readonly local: string;
  readonly line: number;
};

export type Assignment = {
  readonly target: string;
  readonly type: string | undefined;
  readonly value: Expression | undefined;
  readonly line: number;
  /** Names of the functions and classes around it, outermost first; empty: at the top of the module. */
  readonly within: readonly string[];
};

export type Function = {
  readonly name: string;
  readonly decorators: readonly Expression[];
  readonly returns: string | undefined;
  readonly parameters: readonly { readonly name: string; readonly hasDefault: boolean }[];
  readonly line: number;
  readonly within: readonly string[];
};

export type Class = {
  readonly name: string;
  readonly bases: readonly string[];
  /** Arguments by name in the list of bases: `class S(BaseSettings, env_prefix="X_")`. */
  readonly keywords: readonly Argument[];
  readonly line: number;
  readonly within: readonly string[];
};

/** What rules need of a module; broken code gives what can be read of it, never an error. */
export type Python = {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly assignments: readonly Assignment[];
  readonly functions: readonly Function[];
  readonly classes: readonly Class[];
  /** Every call, wherever it stands, with the functions and classes around it. */
  readonly calls: readonly (Call & { readonly within: readonly string[] })[];
  /** Every `x[key]` that is read or written. */
  readonly indexes: readonly {
    readonly of: string;
    readonly key: Expression;
    readonly line: number;
    readonly within: readonly string[];
  }[];
  /** Every plain string, for schemes of URLs and the like, with its line. */
  readonly strings: readonly { readonly value: string; readonly line: number }[];
  /** Every string that is put together of parts, as a whole: what f"…" holds is no plain string. */
  readonly joins: readonly {
    readonly parts: readonly Expression[];
    readonly line: number;
    readonly within: readonly string[];
  }[];
};
