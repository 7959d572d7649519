import { relative } from 'node:path';
import { plainText } from '../../base/files.ts';
import { isInRepository } from '../../base/git.ts';
import { shellWord } from '../../base/shellWord.ts';
import { bold } from '../../base/terminal.ts';
import type { Stack } from '../../model/stack.ts';

const line = (command: string, comment: string): string => `${`  ${command} `.padEnd(42)}# ${comment}`;

/** What the app does not start without, and nobody but the user knows. */
const wanted = (names: readonly string[]): readonly string[] => {
  if (names.length === 0) return [];
  const first = names.slice(0, 4).join(', ');
  const more = names.length > 4 ? ` and ${names.length - 4} more: deploy.sh lists them` : '';
  return [line('(umask 077 && touch .env.app)', `then NAME=value in it for ${first}${more}`)];
};

/** URLs and passwords of monitoring, which nobody is asked for here: they would stand in a history. */
const told = ({ monitoring }: Stack): readonly string[] =>
  monitoring.isOn
    ? monitoring.privateFiles.map(({ name, why }) => line(`./scripts/monitoring.sh secret ${name}`, why))
    : [];

// A pipeline that was there is the user's.
const unincluded = (directory: string, { ci }: Stack): readonly string[] => {
  const ours = '.gitlab/ci/security.yml';
  if (!ci.onGitLab || plainText(directory, '.gitlab-ci.yml').includes(ours)) return [];
  return [line(`include: [{ local: ${ours} }]`, 'in your .gitlab-ci.yml')];
};

/** Exactly the commands to run next, from where the user stands. */
export const nextSteps = (directory: string, stack: Stack): string[] => {
  const { site, app, names } = stack;
  const where = relative(process.cwd(), directory);
  return [
    bold('Next'),
    ...(where === '' ? [] : [`  cd ${shellWord(where)}`]),
    // One repository inside of another would hide from the outer what is in it.
    line(`${isInRepository(directory) ? '' : 'git init && '}git add -A`, '.env.production and the key stay out of git'),
    ...wanted(app.required),
    ...unincluded(directory, stack),
    line(`${names.inDevelopment} up --build --wait`, `development: http://127.0.0.1:${app.port}${app.healthPath}`),
    ...told(stack),
    line('./scripts/deploy.sh', 'production, on the server: build, migrate, start, check'),
    `  curl --cacert ssl/fullchain.pem --resolve ${site.domain}:443:127.0.0.1 ${site.origin}${app.healthPath}`,
    line('./scripts/certs.sh issue --production', `once ${site.domain} points at the server`),
    line('sudo ./scripts/timers.sh install', 'backups, restore drills, renewals and checks by themselves'),
    line(`less ${names.security}`, 'what is protected, how, and what is left to you'),
  ];
};
