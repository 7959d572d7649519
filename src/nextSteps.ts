import { relative } from 'node:path';
import { shellWord } from './shellWord.ts';
import type { Stack } from './stack.ts';
import { bold } from './terminal.ts';

/** Exactly the commands to run next, from where the user stands. */
export const nextSteps = (directory: string, { site, app, names }: Stack): string[] => {
  const where = relative(process.cwd(), directory);
  return [
    bold('Next'),
    ...(where === '' ? [] : [`  cd ${shellWord(where)}`]),
    '  git init && git add -A                  # .env.production and the key stay out of git',
    `${`  ${names.inDevelopment} up --build --wait `.padEnd(42)}# development: http://127.0.0.1:${app.port}${app.healthPath}`,
    '  ./scripts/deploy.sh                     # production, on the server: build, migrate, start, check',
    `  curl --cacert ssl/fullchain.pem --resolve ${site.domain}:443:127.0.0.1 ${site.origin}${app.healthPath}`,
    `  ./scripts/certs.sh issue --production   # once ${site.domain} points at the server`,
    `${`  less ${names.security} `.padEnd(42)}# what is protected, how, and what is left to you`,
  ];
};
