import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../src/base/packageRoot.ts';
import { scratch } from './fixture.ts';

const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: scratch() };
const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.test', '-c', 'core.autocrlf=false'];

/** A directory in which the command of a release is run, as a user does. */
export class Project {
  readonly directory = scratch();
  readonly #env: NodeJS.ProcessEnv;

  constructor(environment: NodeJS.ProcessEnv = {}) {
    this.#env = { ...env, ...environment };
  }
  comicpile(bin: string, ...args: string[]) {
    return this.#comicpile(bin, args, this.#env);
  }
  killed(bin: string, at: number, ...args: string[]) {
    const hook = join(packageRoot(), 'test/killAt.mjs');
    return this.#comicpile(bin, args, { ...this.#env, NODE_OPTIONS: `--import=${hook}`, KILL_AT: String(at) });
  }
  #comicpile(bin: string, args: readonly string[], environment: NodeJS.ProcessEnv) {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
      cwd: this.directory,
      env: environment,
      encoding: 'utf8',
    });
    return { code: status, signal, stdout, stderr };
  }
  must(bin: string, ...args: string[]): string {
    const { code, stdout, stderr } = this.comicpile(bin, ...args);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  }
  git(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], {
      cwd: this.directory,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  }
  commit(): void {
    this.git('add', '-A');
    this.git('commit', '--quiet', '--allow-empty', '-m', 'work');
  }
  read(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8');
  }
  edit(path: string, change: (text: string) => string): void {
    const before = this.read(path);
    const after = change(before);
    assert.notEqual(after, before, path);
    writeFileSync(join(this.directory, path), after);
  }
  has(path: string): boolean {
    return existsSync(join(this.directory, path));
  }
  mode(path: string): number {
    return statSync(join(this.directory, path)).mode & 0o777;
  }
  /** All files but git's, with their modes. */
  tree(): ReadonlyMap<string, string> {
    const files = readdirSync(this.directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.directory.length + 1))
      .filter((path) => !path.startsWith('.git/'))
      .sort();
    return new Map(files.map((path) => [path, `${this.mode(path).toString(8)} ${this.read(path)}`]));
  }
}
