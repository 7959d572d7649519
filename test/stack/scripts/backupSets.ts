import { createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Deployment } from '../deployment.ts';

const kinds = ['manifest', 'globals.sql'] as const;

/** What lies in backups/, and sets that no server made. */
export class BackupSets {
  readonly #folder: string;
  readonly #key: string;
  readonly #database: string;

  constructor(stack: Deployment, database: string) {
    this.#folder = join(stack.directory, 'backups');
    this.#key = join(stack.directory, 'secrets/backup_key');
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

  /** As scripts/backup.sh writes it. */
  manifest(): string {
    const text = ['taken', 'release', 'host', 'server'].map((key) => `  "${key}": "x",\n`).join('');
    return `{\n  "version": 2,\n  "database": "${this.#database}",\n${text}  "size": 1,\n  "revisions": [],\n  "rows": [\n  ]\n}\n`;
  }

  /** A set whose sums and whose tag fit. */
  fabricate(stamp: string, dump: string | Buffer = stamp, manifest = this.manifest()): string {
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
    this.sign(stem);
  }

  /** What only this host can write beside it. */
  sign(stem: string): void {
    if (!existsSync(this.#key)) {
      mkdirSync(dirname(this.#key), { recursive: true, mode: 0o700 });
      writeFileSync(this.#key, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    }
    const key = Buffer.from(readFileSync(this.#key, 'utf8').trim(), 'hex');
    const signed = `comicpile backup\n${this.#database}\n${stem}.sha256\n${this.read(`${stem}.sha256`)}`;
    this.write(`${stem}.hmac`, createHmac('sha256', key).update(signed).digest('hex'));
  }

  /** One bit in the middle of a file. */
  flip(file: string): void {
    const bytes = readFileSync(join(this.#folder, file));
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    this.write(file, bytes);
  }
}
