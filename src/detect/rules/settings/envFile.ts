import { statementsOf } from '../../../base/envStatements.ts';
import { folderOf, isBelow, joinPath, nameOf } from '../../read/paths.ts';
import type { Context } from '../code/context.ts';
import type { Setting } from './setting.ts';

const isEnvFile = (path: string): boolean => {
  const name = nameOf(path);
  return (
    (/^\.?env(?:[._-].*)?$/i.test(name) || /\.env$/i.test(name)) && !/\.(?:[jt]s|py|sh|mako|json|ya?ml|md)$/.test(name)
  );
};

/** Whether a file of variables is meant to be read by people: its values are examples. */
const isExample = (path: string): boolean =>
  /(?:^|[._-])(?:example|sample|template|dist|tmpl|tpl)(?:[._-]|$)/i.test(nameOf(path));

const aside = /(?:^|\/)(?:tests?|docs?|examples?|e2e|\.devcontainer|\.github|\.vscode|archive)\//;

/** Files of variables beside the app, below it, or above it; not those of a frontend. */
const envFiles = ({ view, root }: Context): readonly string[] =>
  view.files.filter((path) => {
    const folder = folderOf(path);
    if (!isEnvFile(path) || aside.test(path)) return false;
    if (folder === root || isBelow(root, folder)) return true;
    return isBelow(path, root) && !view.has(joinPath(folder, 'package.json'));
  });

export type EnvLine = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** A line like `# NAME=value`, which only says that the name exists. */
  readonly isComment: boolean;
  /** Scheme of a URL, and its host: only of an example. */
  readonly scheme: string | undefined;
  readonly host: string | undefined;
  /** A bare word, such as the `postgres` of a switch: only of an example. */
  readonly word: string | undefined;
};

type Named = Pick<EnvLine, 'name' | 'line' | 'isComment'> & { readonly value: string };

/** What a file sets, and what a line of a comment only names. */
const namedIn = (text: string): readonly Named[] => {
  const statements = [...statementsOf(text)];
  const set = statements
    .filter(({ key }) => /^[A-Za-z_]\w{0,199}$/.test(key))
    .map(({ key, written, firstLine }) => ({ name: key, value: written, line: firstLine, isComment: false }));
  const inValues = new Set(
    statements.flatMap(({ firstLine, lastLine }) =>
      Array.from({ length: lastLine - firstLine }, (_, index) => firstLine + 1 + index),
    ),
  );
  const named = text.split('\n').flatMap((written, index) => {
    const [, name, value = ''] = /^\s*#\s*(?:export\s+)?([A-Za-z_]\w{0,199})\s*=\s*(.*)$/.exec(written) ?? [];
    const line = index + 1;
    return name === undefined || inValues.has(line) ? [] : [{ name, value, line, isComment: true }];
  });
  return [...set, ...named].sort((one, other) => one.line - other.line);
};

/** The names in the app's files of variables. A value is kept of an example only: its scheme, its host, a database's name. */
export const envLines = (context: Context): readonly EnvLine[] =>
  envFiles(context).flatMap((file) =>
    namedIn(context.view.read(file) ?? '').map(({ name, value, line, isComment }) => {
      const [, scheme, host] =
        (isExample(file) ? /^["']?([a-z][a-z0-9+]*):\/\/(?:[^\s"']*@)?([\w.-]*)/i.exec(value) : undefined) ?? [];
      const [, word] =
        (isExample(file) ? /^["']?(postgres(?:ql)?|pgsql|pg|mysql|sqlite)["']?\s*(?:#.*)?$/i.exec(value) : undefined) ??
        [];
      return { name, file, line, isComment, scheme, host, word };
    }),
  );

/** Names that a file of variables sets; no code needs to read them. */
export const envFileSettings = (context: Context): readonly Setting[] =>
  envLines(context)
    .filter(({ isComment }) => !isComment)
    .map(({ name, file, line, scheme, host, word }) => ({
      name,
      attribute: name,
      owner: file,
      default: scheme === undefined ? word : `${scheme}://${host}`,
      hasDefault: false,
      isRequired: false,
      isOnlyNamed: true as const,
      evidence: { file, line, says: `${name}=…` },
    }));
