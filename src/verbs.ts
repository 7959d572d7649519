/** One word a verb, of a project that was generated; each is `comicpile <verb>` and `yo comicpile:<verb>`. */
export const verbs = {
  update: {
    help: 'bring the project to this version: what you edited is merged, offline',
    flags: ['output', 'answers', 'yes', 'askAnswered', 'dryRun', 'allowDirty', 'restore'],
    takesAnswers: true,
  },
  check: {
    help: 'for CI: exit 1 where a file is edited, missing, outdated, has conflicts, or a secret is in git',
    flags: ['output', 'json', 'sarif', 'allow'],
    takesAnswers: false,
  },
  diff: {
    help: 'FILE: what you have changed in it, and what an update would',
    flags: ['output'],
    takesAnswers: false,
    argument: 'nginx/nginx.conf',
  },
  eject: {
    help: 'FILE: copy its template into the project, to change it there',
    flags: ['output'],
    takesAnswers: false,
    argument: 'nginx/nginx.conf',
  },
  templates: {
    help: 'list: where each comes from; check: whether those of your own keep every promise',
    flags: ['output'],
    takesAnswers: false,
    argument: 'list',
  },
} as const;
export type Verb = keyof typeof verbs;
export const isVerb = (text: string): text is Verb => Object.hasOwn(verbs, text);
