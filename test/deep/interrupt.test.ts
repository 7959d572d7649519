import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../fixture.ts';
import { holdsAfterKill, holdsAfterNextRun, type Phase, phaseOf } from './interrupt/promise.ts';
import { type Kill, type Run, run } from './interrupt/run.ts';
import { prepare, type Start } from './interrupt/start.ts';
import { readTree, stagingModes, type Tree } from './interrupt/tree.ts';

const kills = 200;
const atOnce = 4;

const deliveries = ['env', 'files'] as const;
const starts: readonly Start[] = ['empty', 'half', 'edited'];
// With a name, as a name of the folder would be another in each.
const flagsOf = (delivery: string) => [
  '--domain',
  'interrupt.example',
  '--app-name',
  'interrupted',
  '--secrets',
  delivery,
];

type Case = {
  readonly start: Start;
  readonly args: readonly string[];
  readonly earlier: Tree;
  readonly expected: Tree;
};

const succeed = async (directory: string, args: readonly string[]): Promise<Run> => {
  const done = await run(directory, args);
  assert.deepEqual([done.code, done.stderr], [0, '']);
  return done;
};

const emptyFolder = (root: string, name: string): string => {
  mkdirSync(join(root, name));
  return join(root, name);
};

/** `work` for every index, a few at a time; after a failure no other one begins. */
const inTurn = async (count: number, work: (index: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) {
      await work(index).catch((error) => {
        next = count;
        throw error;
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
};

/** Kills that must hit each phase. */
const enough = 5;
/** Where a kill most likely hits the phase: at once, soon after the first write, long after the end. */
const aimed = (phase: Phase, spread: number, { took, wrote }: Run): Omit<Kill, 'signal'> => {
  if (phase === 'before writing') return { from: 'start', after: spread * took * 0.3 };
  if (phase === 'while writing') return { from: 'writing', after: spread * wrote * 0.5 };
  return { from: 'start', after: took * (3 + spread * 10) };
};

describe('a generation that is killed', () => {
  const root = scratch();
  const cases: Case[] = [];
  /** The slowest of as many runs at once as are killed at once: kills are spread over its time. */
  let whole: Run;

  const generated = async (name: string, args: readonly string[]): Promise<Tree> => {
    const directory = emptyFolder(root, name);
    await succeed(directory, args);
    return readTree(directory);
  };

  const caseOf = async (start: Start, args: readonly string[], earlier: Tree): Promise<Case> => {
    const directory = emptyFolder(root, `expected-${start}-${args.join('')}`);
    prepare(directory, start, earlier, 0.5);
    await succeed(directory, args);
    return { start, args, earlier, expected: readTree(directory) };
  };

  before(async () => {
    for (const delivery of deliveries) {
      const args = flagsOf(delivery);
      const earlier = await generated(`whole-${delivery}`, args);
      for (const start of starts) cases.push(await caseOf(start, args, earlier));
    }
    const runs: Run[] = [];
    await inTurn(atOnce, async (index) => {
      runs.push(await succeed(emptyFolder(root, `measured-${index}`), flagsOf('env')));
    });
    whole = runs.reduce((one, other) => (one.took > other.took ? one : other));
  });
  after(() => rmSync(root, { recursive: true }));

  /** Kills one run, checks, lets the same command finish, checks; the phase that was hit. */
  const interrupt = async (name: string, one: Case, share: number, kill: Kill): Promise<Phase> => {
    const { start, args, expected } = one;
    const directory = emptyFolder(root, name);
    prepare(directory, start, one.earlier, share);
    const before = readTree(directory);
    const { stderr } = await run(directory, args, kill);
    const killed = readTree(directory);
    const story = `${start}, ${args.join(' ')}, ${kill.signal} ${kill.after.toFixed(1)} ms after ${kill.from}: `;
    try {
      assert.equal(stderr, '');
      for (const mode of stagingModes(directory)) assert.equal(mode, 0o700);
      holdsAfterKill(before, killed, expected);
      await succeed(directory, args);
      holdsAfterNextRun(killed, readTree(directory), expected);
    } catch (error) {
      throw new Error(story + (error as Error).message, { cause: error });
    }
    rmSync(directory, { recursive: true });
    return phaseOf(before, killed, expected);
  };

  it(`leaves whole files and private secrets, ${kills} times, and the next run completes it`, async () => {
    const hits: Record<Phase, number> = { 'before writing': 0, 'while writing': 0, 'after writing': 0 };
    await inTurn(kills, async (index) => {
      const one = cases[index % cases.length] ?? assert.fail();
      const share = ((index * 7) % 20) / 20;
      const spread = Math.floor(index / 8) / (kills / 8);
      // Some kills fall anywhere in the run, beyond its end too since runs at once slow each other down; the others
      // wait for the staging folder.
      const blind = index % 8 < 3;
      const kill: Kill = {
        signal: (index + Math.floor(index / cases.length)) % 2 === 0 ? 'SIGINT' : 'SIGKILL',
        from: blind ? 'start' : 'writing',
        after: spread * (blind ? whole.took * 2 : whole.wrote),
      };
      hits[await interrupt(String(index), one, share, kill)] += 1;
    });
    // A machine that others use may have moved a phase from under its kills: more, aimed at it, until each has enough.
    for (const phase of Object.keys(hits) as Phase[]) {
      for (let more = 0; hits[phase] < enough && more < kills; more += 1) {
        const one = cases[more % cases.length] ?? assert.fail();
        const kill: Kill = { signal: 'SIGKILL', ...aimed(phase, (more % 10) / 10, whole) };
        hits[await interrupt(`${phase}-${more}`, one, 0.5, kill)] += 1;
      }
    }
    console.log(
      `      kills: ${Object.entries(hits)
        .map(([phase, count]) => `${count} ${phase}`)
        .join(', ')}`,
    );
    for (const [phase, count] of Object.entries(hits)) assert.ok(count >= enough, `only ${count} kills hit ${phase}`);
  });

  it('carries changed answers to their end', async () => {
    const args = [...flagsOf('env'), '--body-size', '20m'];
    const one = await caseOf(
      'whole',
      args,
      await generated('former', ['--domain', 'former.example', '--app-name', 'interrupted']),
    );
    await inTurn(24, async (index) => {
      const kill: Kill = { signal: 'SIGKILL', from: 'writing', after: (index / 24) * whole.wrote };
      await interrupt(`changed-${index}`, one, 1, kill);
    });
  });
});
