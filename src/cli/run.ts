import { flagOf, isQuestionKey } from '../answers/questions.ts';
import type { Door } from '../base/door.ts';
import { Refusal } from '../base/refusal.ts';
import { isOwner, type Owner, owners } from '../emit/catalogue.ts';
import type { FindingKind } from './commands/findings.ts';
import { type AnyRequest, requestOf } from './flags.ts';
import { isVerb, rowOf, type Verb, verbs } from './verbs.ts';

/** What a door was called with: the word after the command, what follows it, and the flags in camelCase. */
export type Call = {
  readonly word: string | undefined;
  readonly args: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
};

const unreadable = (problems: readonly string[]): Refusal =>
  new Refusal('The command line cannot be read (nothing was written):', problems);

/** The flags that only verbs have, and those that a verb has. */
const ofAudit = ['junit', 'html', 'reports', 'live', 'allowSelfSigned'];
const verbOnly = new Set<string>(['allowDirty', 'restore', 'json', 'sarif', 'allow', ...ofAudit]);
const takes = (verb: Verb | undefined, key: string): boolean => {
  if (verb === undefined) return !verbOnly.has(key);
  const { flags, takesAnswers } = rowOf(verb);
  return (isQuestionKey(key) && takesAnswers) || flags.some((flag) => flag === key);
};

const allowed = async (text: string | undefined): Promise<readonly FindingKind[]> => {
  if (text === undefined) return [];
  const { findingKinds } = await import('./commands/findings.ts');
  const kinds = text.split(',').map((kind) => kind.trim());
  const unknown = kinds.filter((kind) => !Object.hasOwn(findingKinds, kind));
  if (unknown.length > 0) {
    throw unreadable([
      `--allow ${unknown.join(',')}: give some of ${Object.keys(findingKinds).join(',')}, for example --allow edited`,
    ]);
  }
  return kinds as FindingKind[];
};

const runTemplates = async (door: Door, what: string, request: AnyRequest): Promise<number> => {
  if (what !== 'list' && what !== 'check') {
    throw unreadable([`templates ${what}: list or check, for example ${door.command} templates list`]);
  }
  const { checkTemplates, list } = await import('./commands/templates.ts');
  const { namedTeam, teamFor } = await import('./pipeline.ts');
  if (what === 'list') return list(door, request.directory, await namedTeam(request));
  return checkTemplates(door, await teamFor(door, { ...request, writes: false }));
};

const runAudit = async (door: Door, request: AnyRequest): Promise<number> => {
  const { audit, auditFormats } = await import('./commands/audit.ts');
  const asked = auditFormats.filter((format) => request[format]);
  if (asked.length > 1) {
    throw unreadable([
      `${asked.map((format) => `--${format}`).join(' and ')}: one format a run; all of them: --reports audit-results`,
    ]);
  }
  return audit(door, { ...request, format: asked[0] ?? 'text' });
};

const runImages = async (door: Door, what: string, request: AnyRequest): Promise<number> => {
  if (what !== 'list' && what !== 'update') {
    throw unreadable([`images ${what}: list or update, for example ${door.command} images list`]);
  }
  const { list, pin } = await import('./commands/images.ts');
  return what === 'list' ? list(door, request) : pin(door, request);
};

const runVerb = async (door: Door, verb: Verb, [word = '']: readonly string[], request: AnyRequest) => {
  const { directory, trust } = request;
  if (verb === 'detect') return (await import('./commands/detect.ts')).report(door, request);
  if (verb === 'update') return (await import('./commands/update.ts')).update(door, request);
  if (verb === 'audit') return runAudit(door, request);
  if (verb === 'diff') return (await import('./commands/diff.ts')).diff(door, directory, word, trust);
  if (verb === 'eject') {
    const { eject } = await import('./commands/eject.ts');
    return eject(door, directory, await (await import('./pipeline.ts')).namedTeam(request), word);
  }
  if (verb === 'pack') return (await import('./commands/pack.ts')).scaffold(door, directory, word);
  if (verb === 'images') return runImages(door, word, request);
  if (verb === 'templates') return runTemplates(door, word, request);
  const format = request.sarif ? 'sarif' : request.json ? 'json' : 'text';
  const allow = await allowed(request.allow);
  return (await import('./commands/check.ts')).check(door, { directory, format, allow, trust });
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
  const example = verb === undefined ? undefined : rowOf(verb).argument;
  const wanted = example === undefined ? 0 : 1;
  if (problems.length === 0 && args.length !== wanted) {
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
  const { hidingSecrets } = await import('./hidden.ts');
  const guarded = hidingSecrets(door, request.directory);
  if (verb !== undefined) return runVerb(guarded, verb, args, request);
  return (await import('./commands/generate.ts')).generate(guarded, request);
};
