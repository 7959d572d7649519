import { treatments } from '../changes/conflicts.ts';

export type Flag = {
  /** What it does, as a sentence on its own. */
  readonly help: string;
  /** What its value is; omitted: it has none. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Whether it may be given several times. */
  readonly isRepeatable?: true;
  readonly short?: string;
};

/** THE table of flags that steer a run: parsing, help, yo's options and `FlagValues` all derive from it. */
const runFlags = {
  output: {
    value: 'FOLDER',
    help: 'Write to this folder, which is made when it is absent, instead of the current one.',
  },
  answers: { value: 'FILE', help: 'Take answers from this YAML file; its keys are those of .yo-rc.json.' },
  yes: { short: 'y', help: 'Take the default of every question that has no answer, and write without asking.' },
  askAnswered: { help: 'Ask again, with the earlier answers as defaults.' },
  set: { value: 'ANSWERS', help: 'Answer the questions of packs: acmeTeam=Payments; acmeTier=gold' },
  dryRun: { help: 'Say what would change, and write nothing; exit code 1 where something would.' },
  diff: { help: 'Show the differences, and write nothing; secrets are never shown.' },
  force: { help: 'Overwrite files that differ from ours; a copy of each is kept beside it, as NAME.before-comicpile.' },
  existing: {
    value: 'WHAT',
    choices: treatments,
    help: 'Of files that were there before us: backup takes ours and a copy of yours, keep keeps both, refuse writes nothing (the default without a terminal).',
  },
  trust: {
    help: 'Say yes, in this run, to what is not of this generator and is run: packs, templates, images, digests.',
  },
  verbose: { help: 'Name every file, where there are many in a folder.' },
  skipInstall: { help: 'Ask no registry: lock no dependencies of a new app, and no digests of its images.' },
  up: { help: 'Start the production stack afterwards, at first with a self-signed certificate.' },
  allowPlace: {
    help: 'Write to a folder that looks like no place for it: the home folder, a folder of the system, a project in another language.',
  },
  allowDirty: { help: 'Go on although files are not committed.' },
  restore: { help: 'Bring back files that you have deleted.' },
  json: { help: 'Print JSON.' },
  sarif: { help: 'Print SARIF 2.1.0.' },
  junit: { help: "Print JUnit's XML." },
  html: { help: 'Print one page of HTML that needs nothing else.' },
  reports: { value: 'FOLDER', help: 'Write the report to this folder in all four formats.' },
  live: { help: 'Look at the running stack too.' },
  allowSelfSigned: { help: 'Let the bootstrap certificate pass as a skip.' },
  only: {
    value: 'ID',
    isRepeatable: true,
    help: "Run this check alone, or with a star all whose ids begin so ('run-*'); may be given several times.",
  },
  list: { help: 'List what there is, and do nothing else.' },
  allow: { value: 'FINDINGS', help: 'Let these pass, with commas between: edited, missing, outdated and so on.' },
} as const satisfies Record<string, Flag>;

type Flags = typeof runFlags;
export type FlagKey = keyof Flags;
export const flagKeys = Object.keys(runFlags) as FlagKey[];
export const rowOfFlag = (key: FlagKey): Flag => runFlags[key];

type ValueOf<Row> = Row extends { readonly isRepeatable: true }
  ? readonly string[]
  : Row extends { readonly choices: readonly (infer Choice)[] }
    ? Choice | undefined
    : Row extends { readonly value: string }
      ? string | undefined
      : boolean;

/** The flags of one run, as they were given. */
export type FlagValues = { readonly [Key in FlagKey]: ValueOf<Flags[Key]> };
