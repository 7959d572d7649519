import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Deployment } from '../deployment.ts';

const kinds = ['manifest', 'globals.sql'] as const;

/** What lies in backups/, and sets that no server made. */
export class BackupSets {
  readonly #folder: string;
  readonly #database: string;

  constructor(stack: Deployment, database: string) {
    this.#folder = join(stack.directory, 'backups');
    this.#database = database;
  }

  files(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder).sort() : [];
  }

  /** The dumps, oldest first. */
  dumps(): string[] {
    return this.files().filter((file) => /\.dump(?:\.age)?$/.test(file));
  }

  read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8');
  }

  write(file: string, content: string | Buffer): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(this.#folder, file), content);
  }

  /** A set whose sums fit. */
  fabricate(stamp: string, dump: string | Buffer = stamp, manifest = `taken\t${stamp}\n`): string {
    const stem = `${this.#database}-${stamp}`;
    this.write(`${stem}.dump`, dump);
    this.write(`${stem}.manifest`, manifest);
    this.write(`${stem}.globals.sql`, '');
    this.seal(`${stem}.dump`);
    return `${stem}.dump`;
  }

  /** The sums of a set as it is now. */
  seal(dump: string): void {
    const stem = dump.replace(/\.dump(?:\.age)?$/, '');
    const sums = [dump, ...kinds.map((kind) => `${stem}.${kind}`)].map((file) => {
      const hash = createHash('sha256').update(readFileSync(join(this.#folder, file)));
      return `${hash.digest('hex')}  ${basename(file)}\n`;
    });
    this.write(`${stem}.sha256`, sums.join(''));
  }

  /** One bit in the middle of a file. */
  flip(file: string): void {
    const bytes = readFileSync(join(this.#folder, file));
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    this.write(file, bytes);
  }
}
