import { join, resolve } from 'node:path';
import { parseAnswers } from '../../answers/parse.ts';
import { defaultAnswers } from '../../answers/questions.ts';
import { bounds } from '../../base/disk/bounds.ts';
import { readWithin } from '../../base/disk/plainFile.ts';
import { realRoot } from '../../base/disk/walk.ts';
import type { Door } from '../../base/door.ts';
import { isThere } from '../../base/files.ts';
import { printableLines } from '../../base/printable.ts';
import { misuse, Refusal } from '../../base/refusal.ts';
import { lockFile } from '../../changes/lock.ts';
import { inspectAll } from '../../changes/plan.ts';
import { artifacts } from '../../emit/catalogue.ts';
import { render } from '../../emit/render.ts';
import type { RenderedFile } from '../../emit/renderedFile.ts';
import { greenfield } from '../../model/project.ts';
import { keepOrDraw } from '../../model/secrets.ts';
import { buildStack } from '../../model/stack.ts';
import { renderAsStored } from '../pipeline.ts';
import type { Request } from '../request.ts';
import { runOwnScript } from './ownScript.ts';

const auditFormats = ['json', 'sarif', 'junit', 'html', 'list'] as const;
type AuditFormat = (typeof auditFormats)[number] | 'text';

export type AuditRequest = Pick<
  Request,
  'directory' | 'live' | 'allowSelfSigned' | 'only' | 'reports' | 'trust' | (typeof auditFormats)[number]
>;

const formatOf = (request: AuditRequest): AuditFormat => {
  const asked = auditFormats.filter((format) => request[format]);
  if (asked.length > 1) {
    const flags = asked.map((format) => `--${format}`).join(' and ');
    throw misuse([`${flags}: one format a run; all of them: --reports audit-results`]);
  }
  return asked[0] ?? 'text';
};

// As scripts/audit.sh has it, which gets them as they are.
const patternsOf = ({ only }: AuditRequest): readonly string[] => {
  const problems = only
    .filter((id) => !/^[a-z0-9*-]+$/.test(id))
    .map(
      (id) =>
        `--only ${JSON.stringify(id)} is neither the id of a check nor its beginning and a star. For example: --only 'run-*'`,
    );
  if (problems.length > 0) throw misuse(problems);
  return only.flatMap((id) => ['--only', id]);
};

/** Names that files of a deployment have where somebody has written them by hand; the first that is there. */
const usual = {
  COMICPILE_PRODUCTION: [
    ...['docker-compose.prod.yml', 'docker-compose.production.yml', 'compose.prod.yml', 'compose.prod.yaml'],
    ...['compose.production.yml', 'docker-compose.prod.yaml', 'docker-compose.yml', 'compose.yml', 'compose.yaml'],
  ],
  COMICPILE_DEVELOPMENT: ['docker-compose.yml', 'docker-compose.dev.yml', 'compose.yml', 'compose.yaml'],
  COMICPILE_DOCKERFILE: ['Dockerfile', 'docker/Dockerfile', 'Dockerfile.prod'],
  COMICPILE_NGINX: ['nginx/nginx.conf', 'nginx.conf', 'nginx/default.conf', 'config/nginx.conf', 'deploy/nginx.conf'],
} as const;

const isReadable = (directory: string, name: string): boolean =>
  readWithin(realRoot(directory), join(directory, name), bounds.file) !== undefined;

const foundIn = (directory: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(usual).flatMap(([variable, names]) => {
      const found = names.find((name) => isReadable(directory, name));
      return found === undefined ? [] : [[variable, found] as const];
    }),
  );

/** Our scripts as they would be for a new project: enough to look at one that somebody has written by hand. */
const renderForForeign = (): readonly RenderedFile[] =>
  render(
    artifacts.filter(({ owner }) => owner === 'scripts'),
    buildStack(parseAnswers(defaultAnswers), greenfield, keepOrDraw({ env: '', files: {} })),
  );

const isOfAudit = (to: string): boolean =>
  to === 'scripts/lib.sh' || to === 'scripts/audit.sh' || to.startsWith('scripts/audit/');

/**
 * Runs the audit of this version on the project, generated or not: rendered anew into a temporary folder, so that one that was
 * edited in the project judges nothing. The exit code is that of scripts/audit.sh.
 */
export const audit = async (door: Door, request: AuditRequest): Promise<number> => {
  const { directory, live, allowSelfSigned, reports, trust } = request;
  const format = formatOf(request);
  const patterns = patternsOf(request);
  const isOurs = isThere(directory, lockFile);
  if (!isOurs && live) {
    throw new Refusal('--live is for a deployment of this generator:', [
      `${directory} has no ${lockFile}; without --live its files are looked at: ${door.run('audit')}`,
    ]);
  }
  const found = foundIn(directory);
  if (!isOurs && Object.keys(found).length === 0) {
    throw new Refusal('There is nothing to audit:', [
      `${directory} has no compose file, no Dockerfile and no nginx.conf; another folder: ${door.run('audit --output ../my-app')}`,
    ]);
  }
  // Lines of a team's own in these scripts run here and now.
  const files = isOurs ? (await renderAsStored(door, directory, { trust, runs: isOfAudit })).files : renderForForeign();
  // The scripts read what is there, and would wait for a pipe.
  if (isOurs) {
    inspectAll(
      directory,
      files.map(({ artifact }) => artifact.to),
    );
  }
  const { exitCode, stdout, stderr } = await runOwnScript(
    directory,
    'scripts/audit.sh',
    files.filter(({ artifact: { to } }) => isOfAudit(to)),
    {
      flags: [
        ...(live ? ['--live'] : []),
        ...(allowSelfSigned ? ['--allow-self-signed'] : []),
        ...patterns,
        ...(format === 'text' ? [] : [`--${format}`]),
        ...(reports === undefined ? [] : ['--reports', resolve(directory, reports)]),
      ],
      env: isOurs ? {} : found,
    },
  );
  if (stdout !== '') door.say(stdout);
  if (stderr !== '') console.error(printableLines(stderr));
  return exitCode;
};
