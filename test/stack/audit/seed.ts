import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must } from '../run.ts';

/** A project that a mistake is made in. */
export class Place {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  read(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true });
    writeFileSync(join(this.directory, path), text);
  }

  append(path: string, text: string): void {
    appendFileSync(join(this.directory, path), text);
  }

  /** A change that finds nothing to change is a mistake of the test. */
  edit(path: string, from: string | RegExp, to: string): void {
    const before = this.read(path);
    const after = before.replace(from, () => to);
    assert.notEqual(after, before, `${path} has no ${from}`);
    this.write(path, after);
  }

  /** Adds lines below the first one of a service. */
  service(name: string, lines: string, file = 'docker-compose.prod.yml'): void {
    this.edit(file, new RegExp(`(?<=^ {2}${name}:\\n)`, 'm'), `${lines.replace(/^/gm, '    ')}\n`);
  }

  /** The text of a service with one change in it. */
  inService(name: string, from: string | RegExp, to: string, file = 'docker-compose.prod.yml'): void {
    const body = new RegExp(`^ {2}${name}:\\n(?:(?: {4}.*)?\\n)*`, 'm').exec(this.read(file))?.[0] ?? '';
    const after = body.replace(from, () => to);
    assert.notEqual(after, body, `${name} has no ${from}`);
    this.edit(file, body, after);
  }

  sh(command: string): Promise<unknown> {
    return must('bash', ['-euc', command], { cwd: this.directory });
  }

  /** A value of .env.production. */
  env(key: string): string {
    return new RegExp(`^${key}=(.*)$`, 'm').exec(this.read('.env.production'))?.[1] ?? '';
  }
}

/** One mistake, and the one check that must find it. */
export type Seed = {
  readonly id: string;
  /** What the check says of it. */
  readonly evidence: RegExp;
  /** Checks that the same mistake breaks as well, as it cannot be made without. */
  readonly also?: readonly string[];
  readonly make: (place: Place) => unknown;
};
