import { DockerfileParser, type JSONInstruction } from 'dockerfile-ast';
import { withDefaults } from './shell.ts';

export type DockerInstruction = {
  readonly keyword: string;
  /** The arguments as text, with ARG and ENV expanded. */
  readonly text: string;
  /** Of the JSON form: its strings. */
  readonly exec: readonly string[] | undefined;
  readonly line: number;
  /** Number of its stage, from 0; -1 before the first FROM. */
  readonly stage: number;
};

/** A Dockerfile with its variables expanded; broken ones give what can be read of them. */
export const readDockerfile = (text: string): readonly DockerInstruction[] => {
  const instructions: DockerInstruction[] = [];
  const globals: Record<string, string> = {};
  let variables: Record<string, string> = {};
  let stage = -1;
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword().toUpperCase();
    const raw = instruction.getArgumentsContent() ?? '';
    const line = instruction.getRange().start.line + 1;
    if (keyword === 'FROM') {
      stage += 1;
      variables = {};
    }
    const known = { ...globals, ...variables };
    const expanded = withDefaults(raw.replace(/\\\n\s*/g, ' '), known);
    if (keyword === 'ARG' || keyword === 'ENV') {
      for (const [name, value] of pairs(keyword, expanded)) {
        const target = stage === -1 ? globals : variables;
        // An ARG without a value takes the one from above the first FROM.
        if (value !== undefined) target[name] = value;
        else if (globals[name] !== undefined) target[name] = globals[name];
      }
    }
    const strings = 'getJSONStrings' in instruction ? (instruction as JSONInstruction).getJSONStrings() : [];
    const exec = strings.map((string) => withDefaults(string.getJSONValue(), known));
    instructions.push({ keyword, text: expanded, exec: exec.length > 0 ? exec : undefined, line, stage });
  }
  return instructions;
};

const unquoted = (value: string): string => value.replace(/^(["'])([\s\S]*)\1$/, '$2');

const pairs = (keyword: 'ARG' | 'ENV', text: string): readonly (readonly [string, string | undefined])[] => {
  const [, name, value] = /^([A-Za-z_]\w*)\s+([^=\s][\s\S]*)$/.exec(text.trim()) ?? [];
  if (keyword === 'ENV' && name !== undefined) return [[name, unquoted(value ?? '')]];
  return [...text.matchAll(/([A-Za-z_]\w*)(?:=("[^"]*"|'[^']*'|[^\s]*))?/g)].map(
    ([, key = '', given]) => [key, given === undefined ? undefined : unquoted(given)] as const,
  );
};
