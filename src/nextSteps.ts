import { relative } from 'node:path';
import type { Stack } from './stack.ts';
import { bold } from './terminal.ts';

// A path that a shell needs quotes for gets them.
const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

/** Exactly the commands to run next, from where the user stands. */
export const nextSteps = (directory: string, { site, app }: Stack): string[] => {
  const where = relative(process.cwd(), directory);
  return [
    bold('Next'),
    ...(where === '' ? [] : [`  cd ${quoted(where)}`]),
    '  git init && git add -A                  # .env.production and the key stay out of git',
    `  docker compose up --build --wait        # development: http://127.0.0.1:${app.port}${app.healthPath}`,
    '  ./scripts/deploy.sh                     # production, on the server: build, migrate, start, check',
    `  curl --cacert ssl/fullchain.pem --resolve ${site.domain}:443:127.0.0.1 ${site.origin}${app.healthPath}`,
    `  ./scripts/certs.sh issue --production   # once ${site.domain} points at the server`,
    '  less SECURITY.md                        # what is protected, how, and what is left to you',
  ];
};
