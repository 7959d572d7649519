import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../../fixture.ts';

/** Whether a command is there and answers; only what is may be tested, and a test says when it is not. */
export const isThere = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

// Reads [[kind, text], …] and writes what each means, or what is wrong with it.
const reader = `
import ast, json, sys
def read(kind, text):
    try:
        if kind == "py":
            return ast.dump(ast.parse(text))
        import tomllib
        return json.dumps(tomllib.loads(text), sort_keys=True)
    except (SyntaxError, ValueError) as error:
        return f"error: {error}"
json.dump([read(kind, text) for kind, text in json.load(sys.stdin)], sys.stdout)
`;

/** What Python makes of each text, in one process: the syntax tree, or TOML's content as JSON. */
export const readByPython = (texts: readonly (readonly [kind: 'py' | 'toml', text: string])[]): readonly string[] => {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', reader], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`python3: ${stderr}`);
  return JSON.parse(stdout) as string[];
};

/** What bash says against the scripts, one process a script: bash -n takes one. */
export const refusedByBash = (scripts: readonly string[]): string => {
  const directory = scratch();
  for (const [index, text] of scripts.entries()) writeFileSync(join(directory, `${index}.sh`), text);
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', 'for script in *.sh; do bash -n "$script" || echo "$script"; done'],
    {
      cwd: directory,
      encoding: 'utf8',
    },
  );
  rmSync(directory, { recursive: true });
  return stdout + stderr;
};
