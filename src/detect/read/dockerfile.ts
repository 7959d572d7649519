import { DockerfileParser, type JSONInstruction } from 'dockerfile-ast';
import { longestExpansion } from '../../base/expansion.ts';
import { expanded } from './shell.ts';

export type DockerInstruction = {
  readonly keyword: string;
  /** The arguments as text, with ARG and ENV expanded. */
  readonly text: string;
  /** Of the JSON form: its strings. */
  readonly exec: readonly string[] | undefined;
  /** Longer than anything that is read: its variables are left as they are. Of a whole file, one without a keyword. */
  readonly isTooLong: boolean;
  readonly line: number;
  /** Number of its stage, from 0; -1 before the first FROM. */
  readonly stage: number;
};

// No port, name or version is longer; values that hold each other twice would grow to gigabytes.
const longest = 500;

/** A Dockerfile with its variables expanded; broken ones give what can be read of them. */
export const readDockerfile = (text: string): readonly DockerInstruction[] => {
  // The parser takes seconds for it.
  if (text.length > longestExpansion.text)
    return [{ keyword: '', text: '', exec: undefined, isTooLong: true, line: 1, stage: -1 }];
  const instructions: DockerInstruction[] = [];
  const globals = new Map<string, string>();
  let variables = new Map<string, string>();
  const known = (name: string) => variables.get(name) ?? globals.get(name);
  let stage = -1;
  let isTooLong = false;
  let left: number = longestExpansion.file;
  const put = (raw: string): string => {
    const done = expanded(raw, known, Math.min(raw.length + left, longestExpansion.text));
    if (done === undefined) isTooLong = true;
    left -= Math.max(0, (done ?? raw).length - raw.length);
    return done ?? raw;
  };
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword().toUpperCase();
    const raw = instruction.getArgumentsContent() ?? '';
    const line = instruction.getRange().start.line + 1;
    if (keyword === 'FROM') {
      stage += 1;
      variables = new Map();
    }
    isTooLong = false;
    const said = put(raw.replace(/\\\n\s*/g, ' '));
    if (keyword === 'ARG' || keyword === 'ENV') {
      for (const [name, value] of pairs(keyword, said)) {
        const target = stage === -1 ? globals : variables;
        // An ARG without a value takes the one from above the first FROM.
        const given = value ?? globals.get(name);
        if (given === undefined) continue;
        if (given.length <= longest) target.set(name, given);
        else target.delete(name);
      }
    }
    const strings = 'getJSONStrings' in instruction ? (instruction as JSONInstruction).getJSONStrings() : [];
    const exec = strings.map((string) => put(string.getJSONValue()));
    instructions.push({ keyword, text: said, exec: exec.length > 0 ? exec : undefined, isTooLong, line, stage });
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
