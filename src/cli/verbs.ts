import type { QuestionKey } from '../answers/questions.ts';
import type { RunOptionKey } from './flags.ts';

type VerbRow = {
  readonly help: string;
  /** The flags that it knows. */
  readonly flags: readonly (RunOptionKey | QuestionKey)[];
  /** Whether it knows all answers too. */
  readonly takesAnswers: boolean;
  /** An example of the one word that must follow it. */
  readonly argument?: string;
};

/** One word a verb, of a project that was generated; each is `comicpile <verb>` and `yo comicpile:<verb>`. */
export const verbs = {
  update: {
    help: 'bring the project to this version: what you edited is merged, offline',
    flags: ['output', 'answers', 'yes', 'askAnswered', 'dryRun', 'allowDirty', 'restore', 'trust', 'set'],
    takesAnswers: true,
  },
  detect: {
    help: 'what is found of the app in the directory, with the file and line that say so; writes nothing',
    flags: ['output', 'json', 'appRoot', 'appEntry'],
    takesAnswers: false,
  },
  check: {
    help: 'for CI: exit 1 where a file is edited, missing, outdated, has conflicts, or a secret is in git',
    flags: ['output', 'json', 'sarif', 'allow', 'trust'],
    takesAnswers: false,
  },
  audit: {
    help: 'every promise, tested: files, git, image, nginx; with --live the running stack. A project written by hand too',
    flags: ['output', 'live', 'allowSelfSigned', 'json', 'sarif', 'junit', 'html', 'reports', 'trust'],
    takesAnswers: false,
  },
  images: {
    help: 'update: pin every image by the digest that its registry has now; list: what is pinned, and since when',
    flags: ['output', 'dryRun', 'allowDirty', 'trust'],
    takesAnswers: false,
    argument: 'update',
  },
  diff: {
    help: 'FILE: what you have changed in it, and what an update would',
    flags: ['output', 'trust'],
    takesAnswers: false,
    argument: 'nginx/nginx.conf',
  },
  eject: {
    help: 'FILE or FILE#PLACE: copy its template, or make one for lines of yours, in the project',
    flags: ['output'],
    takesAnswers: false,
    argument: 'nginx/nginx.conf',
  },
  templates: {
    help: 'list: where each comes from; check: whether those of your own, and of packs, keep every promise',
    flags: ['output', 'packs', 'trust'],
    takesAnswers: false,
    argument: 'list',
  },
  pack: {
    help: 'NAME: a new pack of templates, in a folder of its name',
    flags: ['output'],
    takesAnswers: false,
    argument: '@acme/comicpile-pack',
  },
} as const satisfies Record<string, VerbRow>;
export type Verb = keyof typeof verbs;
export const rowOf = (verb: Verb): VerbRow => verbs[verb];
export const isVerb = (text: string): text is Verb => Object.hasOwn(verbs, text);
