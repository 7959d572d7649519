import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const gitconfig = `[user]
  name = bench
  email = bench@example.test
[core]
  autocrlf = false
[init]
  defaultBranch = main
`;

/** The folder in which all of the bench happens, and the surroundings that every contestant gets. It is removed at the end. */
export class Workshop {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'bench-update-')));
  /** Git is on this path; uv is not: locking an app's dependencies is its work, not ours. */
  readonly env: NodeJS.ProcessEnv;

  constructor() {
    process.once('exit', () => rmSync(this.root, { recursive: true, force: true }));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
    writeFileSync(this.path('.gitconfig'), gitconfig);
    this.env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: this.root, LC_ALL: 'C.UTF-8' };
  }

  path(...names: readonly string[]): string {
    return join(this.root, ...names);
  }

  folder(...names: readonly string[]): string {
    const path = this.path(...names);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** What the command printed; it must succeed. */
  run(cwd: string, command: string, ...args: readonly string[]): string {
    return execFileSync(command, args, { cwd, env: this.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Commits all there is, in a repository that is made where there is none; a release gets its tag. */
  commit(directory: string, tag?: string): void {
    this.run(directory, 'git', 'init', '--quiet');
    this.run(directory, 'git', 'add', '--all');
    this.run(directory, 'git', 'commit', '--quiet', '--allow-empty', '-m', tag ?? 'work');
    if (tag !== undefined) this.run(directory, 'git', 'tag', tag);
  }
}
