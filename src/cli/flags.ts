import { resolve } from 'node:path';
import type { Given } from '../answers/gather.ts';
import { flagOf, isQuestionKey } from '../answers/questions.ts';
import { Refusal } from '../base/refusal.ts';
import { treatments } from '../changes/conflicts.ts';
import type { Owner } from '../emit/catalogue.ts';
import type { Request } from './commands/generate.ts';

type RunOption = { readonly type: 'string' | 'boolean'; readonly help: string };

/** Flags that steer the run itself, the same behind both doors. */
export const runOptions = {
  output: { type: 'string', help: 'folder to write to; made when absent (default: here)' },
  answers: { type: 'string', help: 'YAML file of answers, its keys as in .yo-rc.json' },
  yes: { type: 'boolean', help: 'take the default of every question that has no answer' },
  askAnswered: { type: 'boolean', help: 'ask again, with the earlier answers as defaults' },
  dryRun: { type: 'boolean', help: 'say what would change, write nothing; exit 1 where something would' },
  diff: { type: 'boolean', help: 'the same, with the differences; secrets are never shown' },
  force: { type: 'boolean', help: 'overwrite files that differ from ours; of what was there before us a copy is kept' },
  existing: {
    type: 'string',
    help: 'of files that were there before us: backup (ours, and a copy of yours), keep (both), refuse (default without a terminal)',
  },
  allowDirty: { type: 'boolean', help: 'update although files are not committed' },
  restore: { type: 'boolean', help: 'update brings back files that you have deleted' },
  json: { type: 'boolean', help: 'check and audit print JSON' },
  sarif: { type: 'boolean', help: 'check and audit print SARIF 2.1.0' },
  junit: { type: 'boolean', help: "audit prints JUnit's XML" },
  html: { type: 'boolean', help: 'audit prints one page of HTML that needs nothing else' },
  reports: { type: 'string', help: 'folder that gets the audit in all four formats' },
  live: { type: 'boolean', help: 'audit looks at the running stack too' },
  allowSelfSigned: { type: 'boolean', help: 'audit lets the bootstrap certificate pass as a skip' },
  allow: { type: 'string', help: 'check passes these: edited, missing, outdated and so on, with commas between' },
  trust: { type: 'boolean', help: 'yes to packs that are new or changed' },
  set: { type: 'string', help: 'answers to packs: acmeTeam=Payments; acmeTier=gold' },
  skipInstall: { type: 'boolean', help: 'do not lock the dependencies of a new app' },
  up: { type: 'boolean', help: 'start the production stack afterwards, with a self-signed certificate at first' },
} as const satisfies Record<string, RunOption>;

export type RunOptionKey = keyof typeof runOptions;
export const runOptionKeys = Object.keys(runOptions) as RunOptionKey[];

/** A request for an owner's files or for a verb; each takes what it knows. */
export type AnyRequest = Request & {
  readonly allowDirty: boolean;
  readonly restore: boolean;
  readonly json: boolean;
  readonly sarif: boolean;
  readonly junit: boolean;
  readonly html: boolean;
  readonly reports: string | undefined;
  readonly live: boolean;
  readonly allowSelfSigned: boolean;
  readonly allow: string | undefined;
};

/** Parsed flags, camelCase, as a request; a flag that needs a value and has none is refused. */
export const requestOf = (values: Readonly<Record<string, unknown>>, cwd: string, owner?: Owner): AnyRequest => {
  const flags: Given = {};
  const problems: string[] = [];
  const text = (key: string): string | undefined => {
    const value = values[key];
    if (value === undefined) return undefined;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    problems.push(`--${flagOf(key)} needs one value`);
    return undefined;
  };
  for (const key of Object.keys(values).filter(isQuestionKey)) {
    const value = text(key);
    if (value !== undefined) flags[key] = value;
  }
  const [output, answers, allow, set] = [text('output'), text('answers'), text('allow'), text('set')];
  const reports = text('reports');
  const existing = text('existing');
  const treatment = treatments.find((each) => each === existing);
  if (existing !== undefined && treatment === undefined) {
    problems.push(
      `--existing ${JSON.stringify(existing)}: give one of ${treatments.join(', ')}, for example --existing backup`,
    );
  }
  if (problems.length > 0) throw new Refusal('These flags cannot be used (nothing was written):', problems);
  const said = (key: RunOptionKey) => values[key] === true;
  return {
    directory: resolve(cwd, output ?? '.'),
    owner,
    flags,
    answers: answers === undefined ? undefined : resolve(cwd, answers),
    yes: said('yes'),
    askAnswered: said('askAnswered'),
    force: said('force'),
    existing: treatment,
    dryRun: said('dryRun'),
    diff: said('diff'),
    skipInstall: said('skipInstall'),
    up: said('up'),
    allowDirty: said('allowDirty'),
    restore: said('restore'),
    json: said('json'),
    sarif: said('sarif'),
    junit: said('junit'),
    html: said('html'),
    reports,
    live: said('live'),
    allowSelfSigned: said('allowSelfSigned'),
    allow,
    set,
    trust: said('trust'),
  };
};
