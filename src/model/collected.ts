import { projectPath } from '../answers/appValues.ts';
import type { Path } from './project.ts';

/** A path that the project brings; '' is its root. */
const path = (text: string): Path => projectPath(text === '' ? '.' : text);

/** Takes what the project brings as an answer would be taken, as it is printed into files; what cannot be is a problem each. */
export class Collected {
  readonly problems: string[] = [];

  take<Value>(parse: (raw: string) => Value, raw: string, what: string): Value | undefined {
    try {
      return parse(raw);
    } catch (error) {
      this.problems.push(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  }

  all<Value>(parse: (raw: string) => Value, raws: readonly string[], what: string): readonly Value[] {
    return raws.flatMap((raw) => this.take(parse, raw, what) ?? []);
  }

  path(raw: string, what: string): Path {
    return this.take(path, raw, what) ?? '';
  }

  paths(raws: readonly string[], what: string): readonly Path[] {
    return this.all(path, raws, what);
  }
}
