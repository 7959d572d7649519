import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { renderAll, scratch, stackOf } from './fixture.ts';

type Keep = readonly [last: number, hourly: number, daily: number, weekly: number, monthly: number];

const stamp = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
const nameOf = (time: number): string => `backups/comics-${stamp(time)}.dump`;

/** The Monday that a time's week begins with, by the calendar and not by arithmetic. */
const monday = (time: number): string => {
  const day = new Date(time);
  while (day.getUTCDay() !== 1) day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
};
const bucketsOf = (time: number): readonly string[] => {
  const text = new Date(time).toISOString();
  return [text, text.slice(0, 13), text.slice(0, 10), monday(time), text.slice(0, 7)];
};

/** What stays, rule by rule: the newest of each bucket, of the newest buckets that there are. */
const kept = (times: readonly number[], keep: Keep): ReadonlySet<number> => {
  const newestFirst = [...times].sort((a, b) => b - a);
  const all = keep.flatMap((count, rule) => {
    const newest = new Map<string, number>();
    for (const time of [...newestFirst].reverse()) newest.set(bucketsOf(time)[rule] ?? '', time);
    return [...newest.values()].sort((a, b) => b - a).slice(0, count);
  });
  return new Set([...all, ...newestFirst.slice(0, 1)]);
};

describe('which backups are deleted', () => {
  const directory = scratch();
  const bash = (line: string, input: string, ...args: string[]): string[] => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', `. scripts/lib.sh; ${line}`, 'bash', ...args], {
      cwd: directory,
      input,
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, '']);
    return stdout.split('\n').slice(0, -1);
  };
  before(() => {
    const lib = renderAll(stackOf({})).find(({ artifact }) => artifact.to === 'scripts/lib.sh');
    mkdirSync(join(directory, 'scripts'));
    writeFileSync(join(directory, 'scripts/lib.sh'), lib?.text ?? '');
  });
  const expired = (times: readonly number[], keep: Keep): string[] => {
    const names = [...times].sort((a, b) => b - a).map((time) => `${nameOf(time)}\n`);
    return bash('expired "$@"', names.join(''), ...keep.map(String));
  };

  it('ten days of hourly ones after two years of daily ones: a day of hours, a week of days, five weeks, a year of months', () => {
    const end = Date.UTC(2028, 1, 29, 23, 41);
    const hours = Array.from({ length: 240 + 720 }, (_, n) => (n < 240 ? n : 240 + (n - 240) * 24));
    const times = hours.map((ago) => end - ago * 3_600_000);
    const gone = new Set(expired(times, [0, 24, 7, 5, 12]));
    const left = times.filter((time) => !gone.has(nameOf(time)));
    assert.deepEqual(new Set(left), kept(times, [0, 24, 7, 5, 12]));
    // The newest hour is the newest of its day, week and month too; last week's newest is one of the seven days'.
    assert.equal(left.length, 24 + 6 + 3 + 11);
  });

  it('whatever the times and the rules: as the calendar says', () => {
    const start = Date.UTC(1999, 11, 20);
    const time = fc.oneof(
      fc.integer({ min: 0, max: 400 * 24 * 3600 }),
      fc.integer({ min: 0, max: 40 * 365 * 24 }).map((hours) => hours * 3600),
      fc.integer({ min: 0, max: 72 * 60 }).map((minutes) => minutes * 60),
    );
    const times = fc.uniqueArray(
      time.map((seconds) => start + seconds * 1000),
      { minLength: 1, maxLength: 60 },
    );
    const count = fc.integer({ min: 0, max: 14 });
    fc.assert(
      fc.property(times, fc.tuple(count, count, count, count, count), (found, keep) => {
        const gone = expired(found, keep);
        const stay = kept(found, keep);
        assert.deepEqual(
          gone,
          [...found]
            .sort((a, b) => b - a)
            .filter((one) => !stay.has(one))
            .map(nameOf),
        );
        assert.ok(!gone.includes(nameOf(Math.max(...found))), 'the newest stays');
      }),
      { numRuns: 40 },
    );
  });

  it('counts days as the calendar does, over leap years and centuries', () => {
    const days = [-25_567, -1, 0, 58, 59, 789, 11_015, 11_016, 11_017, 20_783, 47_540, 47_541, 84_006];
    const dates = days.map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10).replaceAll('-', ' '));
    const said = bash(
      'while read -r y m d; do days_of "$y" "$m" "$d"; done',
      dates.map((date) => `${date}\n`).join(''),
    );
    assert.deepEqual(said, days.map(String));
  });
});
