import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { everything, suites } from './suites.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const record = fileURLToPath(new URL('passed', import.meta.url));

/** The files of this checkout that patterns of git's kind name; one that begins with `!` leaves out. What git ignores is none. */
export const filesOf = (patterns, directory = root) => {
  // To git, no pattern is every file.
  if (patterns.length === 0) return [];
  const pathspecs = patterns.map((one) => (one.startsWith('!') ? `:(glob,exclude)${one.slice(1)}` : `:(glob)${one}`));
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...pathspecs];
  const listed = execFileSync('git', args, { cwd: directory, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return [...new Set(listed.split('\0'))].filter(Boolean).sort();
};

/** A change of one of these can change what the suite finds. */
export const touching = ({ touches }) => [...new Set([...filesOf(everything), ...filesOf(touches)])].sort();

/** What the files are now: their names, their bytes, and whether they are run. */
export const digestOf = (files, directory = root) => {
  const hash = createHash('sha256');
  for (const file of files) {
    const path = join(directory, file);
    // One that was deleted, and is still in the index.
    if (!existsSync(path)) continue;
    const bytes = readFileSync(path);
    hash.update(`${file}\0${statSync(path).mode & 0o100}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 20);
};

/** The lines of .ci/passed: a suite, the digest of its files when it last passed, and the day. */
export const readPassed = (text) =>
  new Map(
    text
      .split('\n')
      .filter((line) => /^[^#]/.test(line))
      .map((line) => line.split(' '))
      .map(([name, digest, day]) => [name, { digest, day }]),
  );

/** The line of a suite: it rests where its files are as they were when it passed, unless all are asked for or it always runs. */
export const planned = (suite, digest, passed, all = false) => {
  const { name, lane, command, always = false, needs = [], after = [] } = suite;
  const former = passed.get(name);
  if (!always && !all && former?.digest === digest) return ['rest', name, former.day];
  return ['run', name, lane, needs.join() || '-', after.join() || '-', always ? '-' : digest, command];
};

/** The record after suites have passed, by their digests; a suite that is gone loses its line. */
export const withPassed = (text, digests, day, names = suites.map(({ name }) => name)) => {
  const passed = readPassed(text);
  for (const [name, digest] of digests) passed.set(name, { digest, day });
  const rows = names.filter((name) => passed.has(name)).map((name) => [name, passed.get(name)]);
  const comments = text.match(/^#.*\n/gm) ?? [];
  return [...comments, ...rows.map(([name, { digest, day: then }]) => `${name} ${digest} ${then}\n`)].join('');
};

const [how, ...words] = process.argv[1] === fileURLToPath(import.meta.url) ? process.argv.slice(2) : [];

// plan [all]: a line a suite, with tabs between: run, name, lane, needs, after, digest, command; or rest, name, day.
if (how === 'plan') {
  const passed = readPassed(readFileSync(record, 'utf8'));
  for (const suite of suites) {
    const digest = suite.always ? '' : digestOf(touching(suite));
    console.log(planned(suite, digest, passed, words[0] === 'all').join('\t'));
  }
}

// record PLAN NAME…: these suites of that plan have passed today.
if (how === 'record') {
  const [plan, ...names] = words;
  const rows = readFileSync(plan, 'utf8')
    .split('\n')
    .map((line) => line.split('\t'));
  const digests = new Map(rows.map(([, name, , , , digest]) => [name, digest]));
  const now = names.filter((name) => digests.get(name) !== '-').map((name) => [name, digests.get(name)]);
  const text = withPassed(readFileSync(record, 'utf8'), now, new Date().toISOString().slice(0, 10));
  writeFileSync(record, text);
  process.stdout.write(text);
}
