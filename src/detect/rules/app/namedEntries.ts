import type { Evidence } from '../../model.ts';
import { evidenceAt, joinPath } from '../../read/paths.ts';
import { lineOf, readToml, textAt } from '../../read/toml.ts';
import { type Command, optionOf } from '../code/commands.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';
import { isServer } from './servers.ts';

const entryWord = /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)(\(\))?$/;

/** An entry as it is written down: nobody has looked yet whether it is there. */
export type Named = {
  readonly module: string;
  readonly attribute: string;
  readonly isFactory: boolean;
  readonly evidence: Evidence;
  /** Named by its file, so that its package is not known. */
  readonly byFile?: true;
};

const fromPyproject = ({ view, root }: Context): Named[] => {
  const path = joinPath(root, 'pyproject.toml');
  const text = view.read(path) ?? '';
  const [, module, attribute] = entryWord.exec(textAt(readToml(text), 'tool', 'fastapi', 'entrypoint') ?? '') ?? [];
  if (module === undefined || attribute === undefined) return [];
  return [
    {
      module,
      attribute,
      isFactory: false,
      evidence: evidenceAt(path, lineOf(text, 'entrypoint'), `entrypoint = ${module}:${attribute}`),
    },
  ];
};

const fromCommand = (command: Command): Named[] => {
  const { words, evidence } = command;
  if (!isServer(command)) return [];
  const given = optionOf(words, '--app') ?? words.find((word, index) => index > 0 && entryWord.test(word));
  const [, module, attribute, call] = entryWord.exec(given ?? '') ?? [];
  if (module !== undefined && attribute !== undefined) {
    return [{ module, attribute, isFactory: words.includes('--factory') || call !== undefined, evidence }];
  }
  // `fastapi run app/main.py`
  const file = words[0]?.endsWith('fastapi') ? words.find((word) => word.endsWith('.py')) : undefined;
  if (file === undefined) return [];
  const named = file.replace(/^\.?\/|\.py$/g, '').replaceAll('/', '.');
  return [{ module: named, attribute: 'app', isFactory: false, evidence, byFile: true }];
};

// uvicorn.run("app.main:app", …) in the code.
const fromCode = (context: Context): Named[] =>
  modulesWith(context, 'uvicorn.run', 'uvicorn.Config', 'hypercorn', 'granian').flatMap((python) =>
    python.calls.flatMap(({ callee, args, line }) => {
      const [first] = args;
      if (!/^(?:uvicorn\.run|uvicorn\.Config|Granian|granian\.Granian)$/.test(callee) || first?.value.kind !== 'string')
        return [];
      const [, module, attribute] = entryWord.exec(first.value.value) ?? [];
      if (module === undefined || attribute === undefined) return [];
      const isFactory = args.some(({ name, value }) => name === 'factory' && value.text === 'True');
      return [{ module, attribute, isFactory, evidence: quoted(context.view, python.path, line) }];
    }),
  );

/** Every entry that the project writes down: for the tool of FastAPI, in commands, in code that starts a server. */
export const namedEntries = (context: Context): readonly Named[] => [
  ...fromPyproject(context),
  ...context.commands.flatMap(fromCommand),
  ...fromCode(context),
];
