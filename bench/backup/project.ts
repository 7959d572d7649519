import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';

/** A generated project of which only the database runs. */
export class Project {
  readonly directory: string;
  readonly database: string;
  readonly container: string;

  constructor(root: string, name: string) {
    this.directory = join(root, name);
    this.database = name.replaceAll('-', '_');
    mkdirSync(this.directory);
    const flags = ['--yes', '--domain', 'app.example.test', '--app-name', name];
    this.#run(process.execPath, [join(packageRoot(), 'dist/bin/comicpile.js'), ...flags]);
    const compose = ['compose', '-f', 'docker-compose.prod.yml', '--env-file', '.env.production'];
    this.#run('docker', [...compose, 'up', '-d', '--wait', '--quiet-pull', 'db']);
    this.container = this.#run('docker', [...compose, 'ps', '--quiet', 'db']).trim();
  }

  #run(command: string, args: readonly string[]): string {
    return execFileSync(command, args, { cwd: this.directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  sql(text: string, database = this.database): string {
    const psql = ['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-U', 'postgres', '-d', database, '-c', text];
    return this.#run('docker', ['exec', this.container, ...psql]).trim();
  }

  /** Rows as an app has them: a key, words that a compressor finds something in and some that it does not, an index. */
  fill(rows: number): void {
    this.sql('DROP TABLE IF EXISTS entries');
    this.sql(`CREATE TABLE entries AS
      SELECT n::bigint AS id, 'Comic number ' || n || ' of series ' || n % 977 AS title, md5(n::text) AS token,
        repeat('The quick brown fox reads page ' || n % 7919 || '. ', 3) || md5((n * 7)::text) AS body,
        (n * 37 % 10000) / 100.0 AS price, now() - n * interval '37 seconds' AS created_at, n % 3 = 0 AS is_read
      FROM generate_series(1, ${rows}) n`);
    this.sql('ALTER TABLE entries ADD PRIMARY KEY (id)');
    this.sql('CREATE INDEX ON entries (created_at)');
    this.sql('VACUUM ANALYZE entries');
  }

  /** Seconds of wall time of a line of bash in the project; what the server still has to write is written before. */
  seconds(line: string): number {
    this.sql('CHECKPOINT');
    const start = performance.now();
    this.#run('bash', ['-euo', 'pipefail', '-c', line]);
    return (performance.now() - start) / 1000;
  }
}
