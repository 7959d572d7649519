import { readEnv } from '../../base/envFile.ts';
import type { RenderedFile } from '../renderedFile.ts';
import { type Directive, readNginx } from './nginx.ts';
import { isMap, mapIn, type Read, readYaml, type Yaml, type YamlMap } from './yaml.ts';

/** A compose file, with what each of its services is once anchors and merges are resolved. */
export type Compose = { readonly file: string; readonly top: YamlMap; readonly services: ReadonlyMap<string, YamlMap> };

/**
 * The rendered files as promises look at them: each is parsed once, when the first promise asks. One that cannot be read, or is not
 * there, is empty to all but `problems`, so that its offence is said once.
 */
export type RenderedSet = {
  readonly files: readonly RenderedFile[];
  /** The text of one destination, or empty. */
  readonly text: (to: string) => string;
  readonly env: (to: string) => ReadonlyMap<string, string>;
  readonly yaml: (to: string) => Yaml;
  readonly compose: (to: string) => Compose;
  readonly nginx: (to: string) => readonly Directive[];
  /** Why it cannot be read, by the reader of its kind; undefined where it can. */
  readonly problem: (to: string) => string | undefined;
};

const kept = <Value>(make: (to: string) => Value): ((to: string) => Value) => {
  const made = new Map<string, Value>();
  return (to) => {
    const known = made.get(to);
    if (known !== undefined) return known;
    const value = make(to);
    made.set(to, value);
    return value;
  };
};

const composeIn = (file: string, value: Yaml): Compose => {
  const top = mapIn(value);
  const services = [...mapIn(top.get('services'))].flatMap(([name, service]) =>
    isMap(service) ? [[name, service] as const] : [],
  );
  return { file, top, services: new Map(services) };
};

export const setOf = (files: readonly RenderedFile[]): RenderedSet => {
  const texts = new Map(files.map(({ artifact: { to }, text }) => [to, text]));
  const text = (to: string): string => texts.get(to) ?? '';
  const readYamlAt = kept((to): Read<Yaml> => (texts.has(to) ? readYaml(text(to)) : { value: null }));
  const readNginxAt = kept((to) => readNginx(text(to)));
  const yaml = (to: string): Yaml => {
    const read = readYamlAt(to);
    return read.problem === undefined ? read.value : null;
  };
  return {
    files,
    text,
    env: kept((to) => readEnv(text(to))),
    yaml,
    compose: kept((to) => composeIn(to, yaml(to))),
    nginx: (to) => {
      const read = readNginxAt(to);
      return read.problem === undefined ? read.value : [];
    },
    problem: (to) => (to.endsWith('.conf') ? readNginxAt(to) : readYamlAt(to)).problem,
  };
};
