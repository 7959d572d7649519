import { isMap } from '../../../base/files.ts';
import type { Evidence } from '../../model.ts';
import { readDockerfile } from '../../read/dockerfile.ts';
import { nameOf } from '../../read/paths.ts';
import { shellCommands, withoutLauncher } from '../../read/shell.ts';
import { lineOf, readToml, tableAt } from '../../read/toml.ts';
import { readYaml } from '../../read/yaml.ts';
import type { View } from '../../view.ts';

/** A command line of the project, its launcher (`uv run`, `python -m`) left out. */
export type Command = {
  readonly words: readonly string[];
  readonly evidence: Evidence;
  /** `image`: what a container runs; `procfile`: a process type; `script`: a shell script or a target of a Makefile. */
  readonly where: 'image' | 'compose' | 'procfile' | 'script';
  /** Name of the service, process type or script. */
  readonly name?: string;
};

export const isDockerfile = (path: string): boolean =>
  /^(?:.*\.)?(?:Dockerfile|Containerfile)(?:\..*)?$/i.test(nameOf(path)) && !/\.dockerignore$/.test(path);
export const isCompose = (path: string): boolean => /^(?:docker-)?compose(?:[.-].*)?\.ya?ml$/.test(nameOf(path));
const aside = /(?:^|\/)(?:tests?|docs?|examples?|e2e|\.devcontainer|\.github|archive|\.vercel|node_modules)\//;

const fromDockerfile = (path: string, text: string): Command[] =>
  readDockerfile(text)
    .filter(({ keyword }) => ['CMD', 'ENTRYPOINT', 'RUN'].includes(keyword))
    .flatMap(({ keyword, text: said, exec, line }) => {
      const evidence = { file: path, line, says: `${keyword} ${said}`.slice(0, 160) };
      const lines = exec ? [withoutLauncher(exec)] : shellCommands(said.replace(/^(?:--\S+\s+)*/, ''));
      return lines.map((words) => ({
        words,
        evidence,
        where: keyword === 'RUN' ? ('script' as const) : ('image' as const),
      }));
    });

/** The services of a compose file, by name; nothing where it is broken. */
export const readCompose = (text: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> => {
  let content: unknown;
  try {
    content = readYaml(text);
  } catch {
    return {};
  }
  const services = isMap(content) ? content.services : undefined;
  if (!isMap(services)) return {};
  return Object.fromEntries(Object.entries(services).filter(([, service]) => isMap(service))) as never;
};

const fromCompose = (path: string, text: string): Command[] =>
  Object.entries(readCompose(text)).flatMap(([name, service]) =>
    ['entrypoint', 'command'].flatMap((key) => {
      const said = service[key];
      const lists =
        typeof said === 'string'
          ? said.split('\n').flatMap((line) => shellCommands(line))
          : Array.isArray(said)
            ? [withoutLauncher(said.map(String))]
            : [];
      return lists
        .filter((words) => words.length > 0)
        .map((words) => {
          const line = lineOf(text, words[0] ?? '');
          return {
            words,
            where: 'compose' as const,
            name,
            evidence: { file: path, ...(line ? { line } : {}), says: `${name}: ${words.join(' ')}`.slice(0, 160) },
          };
        });
    }),
  );

const fromScript = (path: string, text: string, where: Command['where']): Command[] => {
  const commands: Command[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    const parts = [lines[index] ?? ''];
    while (parts.at(-1)?.endsWith('\\') && index + 1 < lines.length) {
      index += 1;
      parts.push(lines[index]?.trim() ?? '');
    }
    const whole = parts.map((part, at) => (at < parts.length - 1 ? part.slice(0, -1) : part)).join(' ');
    const [start = '', type] = where === 'procfile' ? (/^([\w-]+):/.exec(whole) ?? []) : [];
    for (const words of shellCommands(
      whole
        .slice(start.length)
        .trim()
        .replace(/^[@-]+/, ''),
    )) {
      commands.push({
        words,
        where,
        ...(type ? { name: type } : {}),
        evidence: { file: path, line, says: whole.trim().slice(0, 160) },
      });
    }
  }
  return commands;
};

const fromPyproject = (path: string, text: string): Command[] => {
  const tool = tableAt(readToml(text), 'tool');
  const tables = [
    tableAt(tool, 'poe', 'tasks'),
    tableAt(tool, 'taskipy', 'tasks'),
    tableAt(tool, 'pdm', 'scripts'),
    tableAt(tool, 'hatch', 'envs', 'default', 'scripts'),
  ];
  return tables.flatMap((table) =>
    Object.entries(table).flatMap(([name, task]) => {
      const said = typeof task === 'string' ? task : isMap(task) ? (task.cmd ?? task.shell) : undefined;
      if (typeof said !== 'string') return [];
      const line = lineOf(text, said.split('\n')[0] ?? '');
      return shellCommands(said).map((words) => ({
        words,
        where: 'script' as const,
        name,
        evidence: { file: path, ...(line ? { line } : {}), says: `${name} = ${said}`.slice(0, 160) },
      }));
    }),
  );
};

/** Every command line that the project writes down, those that containers run first. Nothing is run. */
export const commandsOf = (view: View): readonly Command[] => {
  const order = { image: 0, compose: 1, procfile: 2, script: 3 } as const;
  return view.files
    .filter((path) => !aside.test(path))
    .flatMap((path): Command[] => {
      const name = nameOf(path);
      const read = (reader: (text: string) => Command[]): Command[] => {
        const text = view.read(path);
        return text === undefined ? [] : reader(text);
      };
      if (isDockerfile(path)) return read((text) => fromDockerfile(path, text));
      if (isCompose(path)) return read((text) => fromCompose(path, text));
      if (/^Procfile(?:\..*)?$/.test(name)) return read((text) => fromScript(path, text, 'procfile'));
      if (/\.(?:sh|bash)$|^(?:Makefile|makefile|justfile|Justfile|Taskfile)$|^entrypoint$/.test(name))
        return read((text) => fromScript(path, text, 'script'));
      if (name === 'pyproject.toml') return read((text) => fromPyproject(path, text));
      return [];
    })
    .sort((one, other) => order[one.where] - order[other.where]);
};

/** The value of an option: `--port 80`, `--port=80`, `-p 80`. */
export const optionOf = (words: readonly string[], ...names: readonly string[]): string | undefined => {
  for (const [index, word] of words.entries()) {
    const name = names.find((option) => word === option || word.startsWith(`${option}=`));
    if (name !== undefined) return word === name ? words[index + 1] : word.slice(name.length + 1);
  }
  return undefined;
};
