import { randomBytes } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeProject } from '../test/stack/removal.ts';
import { peakOf } from './backup/peak.ts';
import { Project } from './backup/project.ts';
import { median } from './statistics.ts';

/**
 * What the checks of backup.sh and restore.sh cost against plain pg_dump and pg_restore, on a million rows: wall time, each
 * round one after the other, and the memory of the scripts. Exits 1 where a bound is not kept.
 */
const rounds = Number(process.env.ROUNDS ?? 3);
const rows = Number(process.env.ROWS ?? 1_000_000);
const bound = 1.15;

const root = realpathSync(mkdtempSync(join(tmpdir(), 'bench-backup-')));
const name = `bench-backup-${randomBytes(4).toString('hex')}`;
process.once('exit', () => {
  removeProject(name);
  rmSync(root, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const project = new Project(root, name);
const { container, database } = project;
const newest = '"$(ls backups/*.dump | tail -n 1)"';
const dump = (options: string): string => `docker exec ${container} pg_dump -Fc ${options} -U postgres ${database}`;
const plainRestore = (file: string): string =>
  `docker exec ${container} createdb -U postgres plain && docker exec -i ${container} pg_restore -U postgres -d plain <${file}`;
const dropPlain = (): string => project.sql('DROP DATABASE plain', 'postgres');

// In the order of a round; the file that one makes is what the next restores.
const jobs: readonly (readonly [what: string, line: string, after?: () => unknown])[] = [
  ['pg_dump', `${dump('')} >plain.dump`],
  ['pg_dump, zstd:3', `${dump('--compress zstd:3')} >zstd.dump`],
  ['backup.sh', 'scripts/backup.sh --no-prune'],
  ['pg_restore', plainRestore('plain.dump'), dropPlain],
  ['pg_restore, zstd:3', plainRestore('zstd.dump'), dropPlain],
  ['restore.sh --test', `scripts/restore.sh --test ${newest}`],
  [
    'restore.sh',
    `scripts/restore.sh ${newest} --yes --without-backup`,
    () => {
      const former = project.sql("SELECT datname FROM pg_database WHERE datname ~ '_before_'", 'postgres');
      project.sql(`DROP DATABASE "${former}"`, 'postgres');
    },
  ],
];

const peaks: Record<string, number[]> = {};
for (const count of [rows / 10, rows]) {
  project.fill(count);
  for (const [script, ...args] of [
    ['backup.sh', '--no-prune'],
    ['restore.sh', '--test'],
  ] as const) {
    const peak = await peakOf(project.directory, `scripts/${script}`, args);
    peaks[script] = [...(peaks[script] ?? []), peak];
  }
}

const times = new Map<string, number[]>(jobs.map(([what]) => [what, []]));
for (let round = 0; round <= rounds; round += 1) {
  for (const [what, line, after] of jobs) {
    const seconds = project.seconds(line);
    // The first round only warms.
    if (round > 0) times.get(what)?.push(seconds);
    after?.();
  }
  process.stderr.write(`\rround ${round} of ${rounds} `);
}
process.stderr.write('\n');

const size = project.sql(`SELECT pg_size_pretty(pg_database_size('${database}'))`);
console.log(`${rows} rows, ${size}; ${rounds} rounds, medians\n`);
for (const [what, all] of times) console.log(`${what.padEnd(22)}${median(all).toFixed(2).padStart(7)} s`);
console.log();
const verdict = (line: string, kept: boolean | undefined): void => {
  console.log(`${kept === undefined ? '    ' : kept ? 'ok  ' : 'FAIL'}  ${line}`);
  if (kept === false) process.exitCode = 1;
};
for (const [ours, plain, judged] of [
  ['backup.sh', 'pg_dump', true],
  ['backup.sh', 'pg_dump, zstd:3', false],
  ['restore.sh --test', 'pg_restore', true],
  ['restore.sh --test', 'pg_restore, zstd:3', false],
  ['restore.sh', 'pg_restore', true],
  ['restore.sh', 'pg_restore, zstd:3', false],
] as const) {
  const other = times.get(plain) ?? [];
  const ratio = median((times.get(ours) ?? []).map((seconds, round) => seconds / (other[round] ?? Number.NaN)));
  verdict(
    `${ours} / ${plain}: ${ratio.toFixed(2)}${judged ? ` (<= ${bound})` : ''}`,
    judged ? ratio <= bound : undefined,
  );
}
for (const [script, [small = Number.NaN, large = Number.NaN]] of Object.entries(peaks)) {
  const text = `${script}: ${small.toFixed(0)} MiB at ${rows / 10} rows, ${large.toFixed(0)} MiB at ${rows}`;
  verdict(`${text} (<= 1.25 times as much)`, large <= small * 1.25);
}
