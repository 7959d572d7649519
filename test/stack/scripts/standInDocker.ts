import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, type Outcome, run } from '../run.ts';
import { workshop } from '../scratch.ts';

/**
 * A `docker` before the real one on PATH. It answers a pull as a registry with nothing newer would, since a test must not
 * hang on a registry, notes for each call what ran then, and refuses a call while a file with its words is there.
 */
export class StandInDocker {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(project: string): Promise<StandInDocker> {
    const folder = join(workshop, `docker-${project}`);
    mkdirSync(folder);
    const real = (await must('sh', ['-c', 'command -v docker'])).stdout.trim();
    const script = `#!/usr/bin/env bash
here='${folder}' real='${real}'
if [[ -s $here/refused && "$*" == *"$(<"$here/refused")"* ]]; then
  echo 'refused by the stand-in' >&2
  exit 1
fi
words=()
for word; do
  case $1:$word in
    compose:pull | build:--pull)
      printf '%s %s; runs: %s\\n' "$1" "$word" \\
        "$("$real" ps --filter label=com.docker.compose.project='${project}' --format '{{.Label "com.docker.compose.service"}}' | sort | paste -sd ' ' -)" >>"$here/calls"
      [[ $1 == build ]] || exit 0
      ;;
    *) words+=("$word") ;;
  esac
done
exec "$real" "\${words[@]}"
`;
    writeFileSync(join(folder, 'docker'), script);
    chmodSync(join(folder, 'docker'), 0o755);
    writeFileSync(join(folder, 'calls'), '');
    const made = new StandInDocker(folder);
    made.refuse('');
    return made;
  }

  /** From now on, a call with these words fails; none with the empty text. */
  refuse(words: string): void {
    writeFileSync(join(this.#folder, 'refused'), words);
  }

  get calls(): string {
    return readFileSync(join(this.#folder, 'calls'), 'utf8');
  }

  run(cwd: string, command: string, ...args: string[]): Promise<Outcome> {
    return run('env', [`PATH=${this.#folder}:${process.env.PATH}`, command, ...args], { cwd });
  }
}
