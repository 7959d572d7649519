import { isOwner, type Owner, owners } from './artifacts.ts';
import type { Door } from './door.ts';
import { flagOf, isQuestionKey } from './questions.ts';
import { Refusal } from './refusal.ts';
import { type RunOptionKey, requestOf } from './runOptions.ts';
import type { FindingKind } from './update/check.ts';
import { isVerb, type Verb, verbs } from './verbs.ts';

/** What a door was called with: the word after the command, what follows it, and the flags in camelCase. */
export type Call = {
  readonly word: string | undefined;
  readonly args: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
};

const unreadable = (problems: readonly string[]): Refusal =>
  new Refusal('The command line cannot be read (nothing was written):', problems);

/** The flags that only verbs have, and those that a verb has. */
const verbOnly = new Set<string>(['allowDirty', 'restore', 'json', 'sarif', 'allow']);
const takes = (verb: Verb | undefined, key: string): boolean => {
  if (verb === undefined) return !verbOnly.has(key);
  const { flags, takesAnswers }: { readonly flags: readonly RunOptionKey[]; readonly takesAnswers: boolean } =
    verbs[verb];
  return isQuestionKey(key) ? takesAnswers : flags.some((flag) => flag === key);
};

const allowed = async (text: string | undefined): Promise<readonly FindingKind[]> => {
  if (text === undefined) return [];
  const { findingKinds } = await import('./update/check.ts');
  const kinds = text.split(',').map((kind) => kind.trim());
  const unknown = kinds.filter((kind) => !Object.hasOwn(findingKinds, kind));
  if (unknown.length > 0) {
    throw unreadable([
      `--allow ${unknown.join(',')}: give some of ${Object.keys(findingKinds).join(',')}, for example --allow edited`,
    ]);
  }
  return kinds as FindingKind[];
};

const runTemplates = async (door: Door, what: string, directory: string): Promise<number> => {
  const { checkTemplates, list } = await import('./templates/templates.ts');
  if (what === 'list') return list(door, directory);
  if (what === 'check') return checkTemplates(door, directory);
  throw unreadable([`templates ${what}: list or check, for example ${door.command} templates list`]);
};

const runVerb = async (door: Door, verb: Verb, args: readonly string[], request: ReturnType<typeof requestOf>) => {
  if (verb === 'update') return (await import('./update/update.ts')).update(door, request);
  if (verb === 'diff') return (await import('./update/diff.ts')).diff(door, request.directory, args[0] ?? '');
  if (verb === 'eject') return (await import('./templates/eject.ts')).eject(door, request.directory, args[0] ?? '');
  if (verb === 'templates') return runTemplates(door, args[0] ?? '', request.directory);
  const format = request.sarif ? 'sarif' : request.json ? 'json' : 'text';
  const allow = await allowed(request.allow);
  return (await import('./update/check.ts')).check(door, { directory: request.directory, format, allow });
};

/** The one implementation behind both doors; the exit code. */
export const run = async (door: Door, { word, args, values }: Call, cwd: string): Promise<number> => {
  // As in Yeoman, where `comicpile:app` is the whole generator.
  const name = word === 'app' ? undefined : word;
  const verb = name !== undefined && isVerb(name) ? name : undefined;
  const problems: string[] = [];
  if (name !== undefined && verb === undefined && !isOwner(name)) {
    problems.push(
      `${name}: give one owner (${Object.keys(owners).join(', ')}) or verb (${Object.keys(verbs).join(', ')}) at most; for example ${door.command} nginx`,
    );
  }
  const wanted = verb !== undefined && 'argument' in verbs[verb] ? 1 : 0;
  if (problems.length === 0 && args.length !== wanted) {
    const example = verb !== undefined && 'argument' in verbs[verb] ? verbs[verb].argument : '';
    problems.push(
      wanted === 1
        ? `${verb} takes one word more, for example ${door.command} ${verb} ${example}`
        : `${args.join(' ')}: nothing follows ${name ?? 'the flags'}; for example ${door.command} nginx`,
    );
  }
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== false && !takes(verb, key)) {
      problems.push(`--${flagOf(key)} does nothing for ${name ?? 'a generation'}; all flags: ${door.command} --help`);
    }
  }
  if (problems.length > 0) throw unreadable(problems);
  const request = requestOf(values, cwd, verb === undefined ? (name as Owner | undefined) : undefined);
  if (verb !== undefined) return runVerb(door, verb, args, request);
  return (await import('./generate.ts')).generate(door, request);
};
