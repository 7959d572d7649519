import type { Evidence } from '../../model.ts';
import { evidenceAt, isBelow } from '../../read/paths.ts';
import type { Python } from '../../read/python.ts';
import type { View } from '../../view.ts';
import { type Command, commandsOf } from './commands.ts';
import { type Dependencies, dependenciesOf } from './dependencies.ts';

/** What every rule about one app gets. Paths are from the root of the project, not of the app. */
export type Context = {
  readonly view: View;
  /** Folder of the app's manifest; '' for the root of the project. */
  readonly root: string;
  /** Its Python files, those near the root first, without tests, docs and the like. */
  readonly python: readonly string[];
  readonly dependencies: Dependencies;
  /** Of the whole project. */
  readonly commands: readonly Command[];
};

const notTheApp =
  /(?:^|\/)(?:tests?|testing|docs?|examples?|samples?|e2e|sdks?|clients?|lambda|lambdas|benchmarks?|\.devcontainer|\.github|archive)\/|^(?:setup|noxfile)\.py$|(?:^|\/)(?:conftest|test_[^/]*|[^/]*_test)\.py$/;

const pythonBelow = (view: View, root: string): readonly string[] =>
  view.files.filter(
    (path) =>
      path.endsWith('.py') && isBelow(path, root) && !notTheApp.test(root === '' ? path : path.slice(root.length + 1)),
  );

/** `commands`: those of the project, where they are known already. */
export const contextOf = (view: View, root: string, commands = commandsOf(view)): Context => ({
  view,
  root,
  python: pythonBelow(view, root),
  dependencies: dependenciesOf(view, root),
  commands,
});

/** The app together with other folders of the project whose code it runs. */
export const together = (context: Context, folders: readonly string[]): Context => ({
  ...context,
  python: [...new Set([...context.python, ...folders.flatMap((folder) => pythonBelow(context.view, folder))])],
  dependencies: [...context.dependencies, ...folders.flatMap((folder) => dependenciesOf(context.view, folder))],
});

/** The modules of the app whose text has one of the words, parsed: what cannot matter is read, but not parsed. */
export const modulesWith = ({ view, python }: Context, ...words: readonly (string | RegExp)[]): readonly Python[] =>
  python.flatMap((path) => {
    const text = view.read(path);
    const has = (word: string | RegExp) => (typeof word === 'string' ? text?.includes(word) : word.test(text ?? ''));
    return text !== undefined && words.some(has) ? (view.python(path) ?? []) : [];
  });

/** The same, with the line of the file that it quotes. */
export const quoted = (view: View, file: string, line: number): Evidence =>
  evidenceAt(file, line, view.read(file)?.split('\n')[line - 1] ?? '');
