import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Door } from '../base/door.ts';
import { Refusal } from '../base/refusal.ts';
import { isPinned, type Lock } from '../changes/lock.ts';
import { projectTemplates, type Source } from '../emit/sources.ts';
import { codeAmong, digestOf, filesBelow, type Pack } from './pack.ts';
import type { Team } from './team.ts';

/**
 * What a user has agreed to run, by digest, on this machine. Not in the project: whoever writes a repository must not be able
 * to say what is run by those who clone it.
 */
const memory = (): string =>
  join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'comicpile', 'trusted.json');

const remembered = (): readonly string[] => {
  try {
    const known: unknown = JSON.parse(readFileSync(memory(), 'utf8'));
    return Array.isArray(known) ? known.map(String) : [];
  } catch {
    return [];
  }
};

const remember = (digests: readonly string[]): void => {
  mkdirSync(dirname(memory()), { recursive: true, mode: 0o700 });
  const all = [...new Set([...remembered(), ...digests])];
  writeFileSync(memory(), `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
};

/** Something that needs the user's word. */
type Subject = {
  readonly source: string;
  readonly what: string;
  readonly integrity: string;
  readonly code: readonly string[];
  /** Whether the lock has this very one; what is in the project itself needs no pin. */
  readonly pinned: boolean;
};

const ofPack = (pack: Pack, lock: Lock): Subject => {
  const { name, version, integrity, code } = pack;
  const pin = lock.packs[name];
  const pinned = isPinned(lock, pack);
  const moved = pin === undefined ? 'is new here' : `has changed since the ${pin.version} of .comicpile/lock.json`;
  return { source: name, what: `pack ${name} ${version} ${pinned ? '' : moved}`.trim(), integrity, code, pinned };
};

const ofProject = ({ root, name }: Source): Subject => {
  const files = filesBelow(root, []);
  return { source: name, what: name, integrity: digestOf(files), code: codeAmong(files), pinned: true };
};

const question = ({ what, code }: Subject): string =>
  code.length === 0
    ? `The ${what}. Use it?`
    : [
        `Templates of ${what} are code, which runs on this machine:`,
        ...code.map((line) => `  ${line}`),
        'Run it?',
      ].join('\n');

const refuse = (open: readonly Subject[]): never => {
  throw new Refusal('This needs your word (nothing was written):', [
    ...open.map(({ what, code }) => (code.length === 0 ? `the ${what}` : `templates of ${what} are code`)),
    ...open.flatMap(({ source, code }) => code.map((line) => `${source}/${line}`)),
    'look at it, then say so on a terminal, or with --trust',
  ]);
};

export type Admission = {
  readonly lock: Lock;
  /** --trust: yes to everything, for machines; nothing is remembered. */
  readonly trust: boolean;
  /** Whether this run writes, and so pins. */
  readonly writes: boolean;
};

/**
 * The team with the user's word for it: a pack that the lock has not, or has otherwise, is asked about before anything of it is
 * written; templates that are code before they run, once for each content and machine. Refuses without a word.
 */
export const admit = async (door: Door, team: Team, { lock, trust, writes }: Admission): Promise<Team> => {
  const own = team.sources.find(({ name }) => name === projectTemplates);
  const subjects = [...team.packs.map((pack) => ofPack(pack, lock)), ...(own === undefined ? [] : [ofProject(own)])];
  const known = subjects.some(({ code }) => code.length > 0) ? remembered() : [];
  const open = subjects.filter(
    ({ code, integrity, pinned }) => (writes && !pinned) || (code.length > 0 && !known.includes(integrity)),
  );
  if (open.length > 0 && !trust) {
    if (!door.interactive) refuse(open);
    for (const subject of open) {
      const message = question(subject);
      const { agreed } = await door.prompt([{ type: 'confirm', name: 'agreed', message, default: false }]);
      if (agreed !== true) throw new Refusal('Without it nothing was done.', [], 1);
    }
    const codes = open.filter(({ code }) => code.length > 0);
    if (codes.length > 0) remember(codes.map(({ integrity }) => integrity));
  }
  const runs = new Set(subjects.filter(({ code }) => code.length > 0).map(({ source }) => source));
  const sources = team.sources.map((source) => (runs.has(source.name) ? { ...source, mayRunCode: true } : source));
  return { ...team, sources };
};
