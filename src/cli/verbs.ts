import type { QuestionKey } from '../answers/questions.ts';
import type { Door } from '../base/door.ts';
import type { FlagKey } from './flags.ts';
import type { Request } from './request.ts';

/** The words that follow a command. */
export type Argument = {
  readonly name: string;
  readonly help: string;
  readonly choices?: readonly string[];
  readonly isMany?: true;
  /** The flag that takes its place. */
  readonly orFlag?: FlagKey;
};

export type Command = {
  /** What it does: one sentence for the list of all commands, and what is to know besides. */
  readonly help: string;
  readonly more?: string;
  readonly argument?: Argument;
  /** The flags that it knows, and the questions: all of them, or these. */
  readonly flags: readonly FlagKey[];
  readonly answers: 'all' | readonly QuestionKey[];
  /** What follows its name in examples that are right, the usual one first. */
  readonly examples: readonly string[];
  /** What exit code 0 says, and 1, where it can be; 2 is always bad usage. */
  readonly exits: { readonly 0: string; readonly 1?: string };
  readonly run: (door: Door, request: Request, args: readonly string[]) => Promise<number>;
};

const answering = ['output', 'answers', 'yes', 'askAnswered', 'set'] as const;
/** What a command that generates files knows. */
export const generating = [
  ...answering,
  ...(['dryRun', 'diff', 'force', 'existing', 'trust', 'verbose', 'skipInstall', 'up', 'allowPlace'] as const),
] as const;

/** What all of them have in common. */
export const generates = {
  answers: 'all',
  exits: {
    0: 'done, or nothing to do',
    1: 'conflicts are left, a file of yours is in the way, or (--dry-run, --diff) something would change',
  },
} as const;

/**
 * THE table of commands that are no owner; each is `comicpile <verb>` and `yo comicpile:<verb>`. What a verb does is loaded when it is
 * given.
 */
export const verbs = {
  update: {
    help: 'Bring the project to this version; what you have edited is merged.',
    more: 'It needs no network. Where both sides have changed the same lines, the two stand between conflict markers.',
    flags: [...answering, 'dryRun', 'allowDirty', 'restore', 'trust', 'verbose'],
    answers: 'all',
    examples: ['--dry-run', '', '--hsts full'],
    exits: { 0: 'done, or nothing to do', 1: 'conflicts are left, or (--dry-run) something would change' },
    run: async (door, request) => (await import('./commands/update.ts')).update(door, request),
  },
  file: {
    ...generates,
    help: 'Generate these files alone, as a generation would.',
    more: 'Everything is rendered and proved, then only the named files are written; what you have edited is merged.',
    argument: {
      name: 'FILE',
      help: 'The path of a file in the project, as --list prints it.',
      isMany: true,
      orFlag: 'list',
    },
    flags: [...generating, 'list'],
    examples: ['scripts/backup.sh', '--list'],
    run: async (door, request, args) => (await import('./commands/file.ts')).file(door, request, args),
  },
  detect: {
    help: 'Say what is found of the app in the directory, and where; writes nothing.',
    flags: ['output', 'json'],
    answers: ['appRoot', 'appEntry'],
    examples: ['', '--app-root services/api'],
    exits: { 0: 'the app can be deployed', 1: 'there is no app, or something is in the way' },
    run: async (door, request) => (await import('./commands/detect.ts')).report(door, request),
  },
  check: {
    help: 'Say whether the project is what it should be, for CI; writes nothing.',
    more: 'It finds files that were edited, are missing, outdated or have conflicts, and secrets that are in git.',
    flags: ['output', 'json', 'sarif', 'allow'],
    answers: [],
    examples: ['', '--allow edited', '--sarif >check.sarif'],
    exits: { 0: 'nothing was found', 1: 'something was' },
    run: async (door, request) => (await import('./commands/check.ts')).check(door, request),
  },
  audit: {
    help: 'Test every promise on the files, and with --live on the running stack.',
    more: 'A project that was written by hand can be audited too, without --live.',
    flags: [
      ...(['output', 'live', 'allowSelfSigned', 'only', 'list', 'trust'] as const),
      ...(['json', 'sarif', 'junit', 'html', 'reports'] as const),
    ],
    answers: [],
    examples: ['', "--live --only 'run-*'", '--reports audit-results', '--list'],
    exits: { 0: 'nothing failed', 1: 'something did' },
    run: async (door, request) => (await import('./commands/audit.ts')).audit(door, request),
  },
  doctor: {
    help: 'Look whether a deploy would go well here: engine, machine, ports, certificate, database; changes nothing.',
    more: 'It says what scripts/deploy.sh --dry-run says, by the scripts of this version. Run it on the server.',
    flags: ['output', 'trust'],
    answers: [],
    examples: ['', '--output /srv/my-app'],
    exits: { 0: 'all is in order', 1: 'something is not, or could not be looked at' },
    run: async (door, request) => (await import('./commands/doctor.ts')).doctor(door, request),
  },
  diff: {
    help: 'Show what you have changed in a file, and what an update would.',
    argument: { name: 'FILE', help: 'The path of a file in the project.' },
    flags: ['output'],
    answers: [],
    examples: ['nginx/nginx.conf'],
    exits: { 0: 'neither has changed', 1: 'there is a difference' },
    run: async (door, request, [path = '']) => (await import('./commands/diff.ts')).diff(door, request, path),
  },
  images: {
    help: 'Pin every image by the digest that its registry has now, or list them.',
    more: 'Needs docker with buildx; nothing is pulled.',
    argument: {
      name: 'list|update',
      help: 'list: what is pinned, and since when; update: ask the registries and pin.',
      choices: ['list', 'update'],
    },
    flags: ['output', 'dryRun', 'allowDirty', 'trust', 'verbose'],
    answers: [],
    examples: ['update', 'list'],
    exits: {
      0: 'every image is pinned',
      1: 'one is not, a registry did not answer, or (--dry-run) something would change',
    },
    run: async (door, request, [what]) => {
      const { list, pin } = await import('./commands/images.ts');
      return what === 'list' ? list(door, request) : pin(door, request);
    },
  },
  eject: {
    help: 'Copy the template of a file into the project, to change it there.',
    more: 'With #PLACE behind the file, it makes an empty template for lines of yours at that place.',
    argument: { name: 'FILE[#PLACE]', help: 'The path of a file in the project, and a place in it.' },
    flags: ['output'],
    answers: [],
    examples: ['nginx/nginx.conf#http', 'nginx/nginx.conf'],
    exits: { 0: 'done' },
    run: async (door, request, [file = '']) => (await import('./commands/eject.ts')).eject(door, request, file),
  },
  templates: {
    help: 'List where each template comes from, or check those of yours and of packs.',
    argument: {
      name: 'list|check',
      help: 'list: where each comes from, and what has moved on; check: whether every promise is kept with them.',
      choices: ['list', 'check'],
    },
    flags: ['output'],
    answers: ['packs'],
    examples: ['list', 'check'],
    exits: { 0: 'every promise is kept', 1: 'one is not' },
    run: async (door, request, [what]) => {
      const { checkTemplates, list } = await import('./commands/templates.ts');
      return what === 'list' ? list(door, request) : checkTemplates(door, request);
    },
  },
  pack: {
    help: 'Begin a pack of templates for your team, in a folder of its name.',
    argument: { name: 'NAME', help: 'The name of an npm package.' },
    flags: ['output'],
    answers: [],
    examples: ['@acme/comicpile-pack'],
    exits: { 0: 'done', 1: 'the folder is there already' },
    run: async (door, { directory }, [name = '']) =>
      (await import('./commands/pack.ts')).scaffold(door, directory, name),
  },
} as const satisfies Record<string, Command>;
export type Verb = keyof typeof verbs;
export const isVerb = (text: string): text is Verb => Object.hasOwn(verbs, text);
