import { type Evidence, type Finding, found, type Notice, type StaticFolder } from '../../model.ts';
import { argument } from '../../read/arguments.ts';
import { overlaps } from '../../read/paths.ts';
import type { Call, Expression, Python } from '../../read/python.ts';
import type { View } from '../../view.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';
import { definitionOf } from '../code/definitions.ts';
import { pathsOf } from '../code/pathExpression.ts';

type Scoped = Call & { readonly within: readonly string[] };

/** The text of a string that may stand in a constant. */
const textOf = (
  context: Context,
  module: Python,
  expression: Expression | undefined,
  within: readonly string[],
): string | undefined => {
  if (expression?.kind === 'string') return expression.value;
  if (expression?.kind !== 'name') return undefined;
  const definition = definitionOf(context, module, expression.text, within);
  const value = definition?.kind === 'value' ? definition.assignment.value : undefined;
  return value?.kind === 'string' ? value.value : undefined;
};

const isStaticFiles = (callee: string): boolean => /(?:^|\.)\w*Static\w*Files\w*$|^StaticFiles$/.test(callee);

/** The call of StaticFiles, written in place or in a variable. */
const staticFiles = (
  context: Context,
  module: Python,
  expression: Expression | undefined,
  within: readonly string[],
): Call | undefined => {
  if (expression?.kind === 'call') return isStaticFiles(expression.callee) ? expression : undefined;
  if (expression?.kind !== 'name') return undefined;
  const definition = definitionOf(context, module, expression.text, within);
  const value = definition?.kind === 'value' ? definition.assignment.value : undefined;
  return value?.kind === 'call' && isStaticFiles(value.callee) ? value : undefined;
};

const listed = (expression: Expression | undefined): readonly (Expression | undefined)[] =>
  expression?.kind === 'list' ? expression.items : [expression];

const mounted = (context: Context, module: Python, call: Scoped) => {
  const path = argument(call.args, 'path', 0);
  if (/(?:^|\.)(?:create_static_files_router|StaticFilesConfig)$/.test(call.callee)) {
    const directories = argument(call.args, 'directories', call.callee.endsWith('Config') ? undefined : 1);
    return { path, directories: listed(directories) };
  }
  if (!/(?:^|\.)(?:mount|Mount)$/.test(call.callee)) return undefined;
  const files = staticFiles(context, module, argument(call.args, 'app', 1), call.within);
  return files && { path, directories: [argument(files.args, 'directory', 0)] };
};

/** The folders of the project that the app serves itself, and under which path. */
export const staticFolders = (context: Context): readonly Finding<StaticFolder>[] =>
  modulesWith(context, 'Static', 'static_files').flatMap((module) =>
    module.calls.flatMap((call) => {
      const mount = mounted(context, module, call);
      const path = mount && textOf(context, module, mount.path, call.within);
      if (mount === undefined || path === undefined) return [];
      return mount.directories.flatMap((directory) => {
        const folders = directory ? pathsOf(context, module, directory, call.within) : [];
        const present = folders.find((folder) => folder !== '' && context.view.isFolder(folder));
        const folder = present ?? folders[0];
        return folder === undefined || folder === ''
          ? []
          : [
              found(
                { folder, path: path === '' ? '/' : path },
                present === undefined ? 'likely' : 'certain',
                quoted(context.view, module.path, call.line),
              ),
            ];
      });
    }),
  );

/** Starlette does not start without the folder, and an app whose files cannot be written cannot make it. */
export const staticNotices = (
  view: View,
  folders: readonly Finding<StaticFolder>[],
  built: readonly string[],
): readonly Notice[] =>
  folders
    .filter(({ value: { folder } }) => !view.isFolder(folder) && !built.some((output) => overlaps(folder, output)))
    .map(({ value: { folder, path }, evidence }) => ({
      id: 'static-missing',
      says: `the app serves ${folder} at ${path}, and there is no such folder: it may not start without it, and cannot write into it, as its files are read-only; commit the folder, for example with a .gitkeep in it, and keep uploads in an object store`,
      evidence,
    }));

const handedOut = ({ callee, args }: Call): readonly (Expression | undefined)[] => {
  const name = callee.split('.').at(-1) ?? '';
  if (isStaticFiles(name) || /Templates$/.test(name)) return [argument(args, 'directory', 0)];
  if (/^(?:create_static_files_router|StaticFilesConfig)$/.test(name)) return listed(argument(args, 'directories', 1));
  if (/^(?:FileResponse|send_file|send_from_directory)$/.test(name)) return [argument(args, 'path', 0)];
  return [argument(args, 'static_folder'), argument(args, 'template_folder')];
};

/** Every folder or file that the code hands out in some way, whether it is there yet or only after a build. */
export const servedPaths = (context: Context): readonly { readonly path: string; readonly evidence: Evidence }[] =>
  modulesWith(context, 'StaticFiles', 'static_files', 'Templates', 'FileResponse', 'static_folder', 'send_f').flatMap(
    (module) =>
      module.calls.flatMap((call) =>
        handedOut(call)
          .flatMap((expression) => (expression ? pathsOf(context, module, expression, call.within) : []))
          .filter((path) => path !== '')
          .map((path) => ({ path, evidence: quoted(context.view, module.path, call.line) })),
      ),
  );
