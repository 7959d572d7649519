import { outcomes } from '../interpolation.ts';
import { isList, isMap, written, type Yaml } from '../yaml.ts';

/** What a value may be judged by, beside itself. */
export type About = {
  /** The service's name. */
  readonly service: string;
  readonly env: ReadonlyMap<string, string>;
  /** The names of all services of the file. */
  readonly services: ReadonlySet<string>;
  /** Files of ours that run on the host, or decide what runs: nobody in a container may write them. */
  readonly guarded: readonly string[];
};

/** What is not allowed of the value at a path of keys, as it would have to be written: `deploy.resources.limits.cpus: 0`. */
export type Judge = (value: Yaml, path: string, about: About) => readonly string[];

export const refused = (value: Yaml, path: string): readonly string[] => [
  path.endsWith('[]') ? `${path.slice(0, -'[]'.length)}: [${written(value)}]` : `${path}: ${written(value)}`.trimEnd(),
];

export const anything: Judge = () => [];

/** A scalar that is allowed whatever compose may put in for its variables; where that is not known, it is not. */
export const scalar =
  (isAllowed: (text: string, about: About) => boolean): Judge =>
  (value, path, about) => {
    const texts = typeof value === 'string' ? outcomes(value, about.env) : [];
    return texts.length > 0 && texts.every((text) => isAllowed(text, about)) ? [] : refused(value, path);
  };
export const matching = (pattern: RegExp): Judge => scalar((text) => pattern.test(text));
/** One of these words, spelled out: a variable could be another one on the server. */
export const oneOf =
  (...words: readonly string[]): Judge =>
  (value, path) =>
    typeof value === 'string' && words.includes(value) ? [] : refused(value, path);

// Of YAML 1.2, in quotes or not. Compose knows more of each (yes, on), which nobody needs.
export const yes = oneOf('true', 'True', 'TRUE');
export const no = oneOf('false', 'False', 'FALSE');
export const either = oneOf('true', 'True', 'TRUE', 'false', 'False', 'FALSE');

/** A text with whatever variables: it means nothing to who isolates the container. */
export const text: Judge = (value, path) => (value === null || typeof value === 'string' ? [] : refused(value, path));

export const list =
  (item: Judge): Judge =>
  (value, path, about) =>
    isList(value) ? value.flatMap((one) => item(one, `${path}[]`, about)) : refused(value, path);

const below = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** A mapping of these keys and no others, but for extensions, which compose does not look at. */
export const keys = (known: Readonly<Record<string, Judge>>): Judge => {
  const judges = new Map(Object.entries(known));
  const judgeOf = (key: string): Judge => (key.startsWith('x-') ? anything : (judges.get(key) ?? refused));
  return (value, path, about) =>
    isMap(value)
      ? [...value].flatMap(([key, inside]) => judgeOf(key)(inside, below(path, key), about))
      : refused(value, path);
};

/** A mapping of whatever keys. */
export const each =
  (item: Judge): Judge =>
  (value, path, about) =>
    isMap(value) ? [...value].flatMap(([key, inside]) => item(inside, below(path, key), about)) : refused(value, path);

/** What one of them allows; of what none does, the first says why. */
export const anyOf =
  (...judges: readonly Judge[]): Judge =>
  (value, path, about) => {
    const said = judges.map((judge) => judge(value, path, about));
    return said.some((one) => one.length === 0) ? [] : (said[0] ?? []);
  };

/** Texts: one, a list of them, or by name. */
export const texts = anyOf(text, list(text), each(text));
/** The same key with nothing behind it. */
export const empty: Judge = (value, path) => (value === null ? [] : refused(value, path));
