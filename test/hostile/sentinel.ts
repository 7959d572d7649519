import { tmpdir } from 'node:os';
import { parseAnswers } from '../../src/answers.ts';
import { detectProject, type Project } from '../../src/project/detect.ts';
import { type Answers, questions, type RawAnswers } from '../../src/questions.ts';
import { buildStack, type Stack } from '../../src/stack.ts';
import { fixedSecrets } from '../fixture.ts';

const entry = 'sentinel_package.module:attribute';

/** Answers so unusual that each is found again, in all its derived forms, wherever it is printed. */
export const sentinels = {
  domain: 'sentinel-domain.example',
  appName: 'sentinel-app',
  dbUser: 'sentinel_role',
  appPort: '61357',
  healthPath: '/sentinel-health',
  rateLimit: '54321r/m',
  loginRateLimit: '54323r/m',
  bodySize: '7919k',
  serverNames: 'sentinel-other.example',
  redirectNames: 'sentinel-redirect.example',
  staticFiles: 'sentinel/static',
  spa: 'sentinel/spa',
  certEmail: 'sentinel@mail.example',
} as const satisfies Partial<RawAnswers>;
const retrySentinels: Readonly<Record<string, number>> = { api: 77771, auth: 77773 };

/** The same choices, and a sentinel for every other answer that is not empty. */
export const sentinelAnswers = (raw: RawAnswers): RawAnswers => ({
  ...raw,
  ...sentinels,
  appEntry: raw.app === 'existing' ? entry : questions.appEntry.default,
  ...Object.fromEntries(
    (['serverNames', 'redirectNames', 'staticFiles', 'spa', 'certEmail'] as const).map((key) => [
      key,
      raw[key].replace(/[\s,]/g, '') === '' ? '' : sentinels[key],
    ]),
  ),
});

/** What would be found in a directory that holds the app which the answers name; `manager` varies. */
export const projectOf = (answers: Answers, { manager, needsLibpq }: Omit<Project, 'sources'>): Project =>
  answers.app === 'new'
    ? detectProject(tmpdir(), answers)
    : { manager, needsLibpq, sources: [answers.appEntry.split(/[.:]/)[0] ?? '', 'static'] };

export type Variant = Omit<Project, 'sources'>;

export const stackFor = (raw: RawAnswers, variant: Variant): Stack => {
  const answers = parseAnswers(raw);
  return buildStack(answers, projectOf(answers, variant), fixedSecrets);
};

export const sentinelStack = (raw: RawAnswers, variant: Variant): Stack => {
  const stack = stackFor(sentinelAnswers(raw), variant);
  const zones = stack.limits.zones.map((zone) => ({
    ...zone,
    retryAfter: retrySentinels[zone.name] ?? zone.retryAfter,
  }));
  return { ...stack, limits: { ...stack.limits, zones } };
};

const wait = (rate: string) => Math.max(1, Math.ceil((rate.endsWith('m') ? 60 : 1) / Number.parseInt(rate, 10)));

const formsOf = (answers: Answers): Readonly<Record<string, string>> => ({
  [sentinels.domain]: answers.domain,
  [sentinels.appName]: answers.appName,
  sentinel_app: answers.appName.replaceAll('-', '_'),
  [sentinels.dbUser]: answers.dbUser,
  [entry]: answers.appEntry,
  sentinel_package: answers.appEntry.split(/[.:]/)[0] ?? '',
  [sentinels.appPort]: String(answers.appPort),
  [sentinels.healthPath]: answers.healthPath,
  [sentinels.rateLimit]: answers.rateLimit,
  [sentinels.loginRateLimit]: answers.loginRateLimit,
  77771: String(wait(answers.rateLimit)),
  77773: String(wait(answers.loginRateLimit)),
  [sentinels.bodySize]: answers.bodySize,
  [` -d ${sentinels.serverNames}`]: answers.serverNames.map((name) => ` -d ${name}`).join(''),
  [` ${sentinels.serverNames}`]: answers.serverNames.map((name) => ` ${name}`).join(''),
  [` -d ${sentinels.redirectNames}`]: answers.redirectNames.map((name) => ` -d ${name}`).join(''),
  [` ${sentinels.redirectNames}`]: answers.redirectNames.map((name) => ` ${name}`).join(''),
  [sentinels.staticFiles]: answers.staticFiles,
  [sentinels.spa]: answers.spa,
  [sentinels.certEmail]: answers.certEmail,
});

const quoted = (text: string) => text.replace(/[.+/]/g, '\\$&');

/** Text of the sentinels' render to the text that these answers must give: the expectation, made without a render. */
export type Fill = (text: string) => string;

export const fillOf = (answers: Answers): Fill => {
  const forms = formsOf(answers);
  const longestFirst = Object.keys(forms).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(quoted).join('|'), 'g');
  return (text) => text.replace(pattern, (found) => forms[found] ?? found);
};

/** Whether a text mentions any sentinel: what must never be so in a render of ordinary answers. */
export const mentionsSentinel = (text: string): boolean => /sentinel|61357|5432[13]r|7777[13]|7919k/.test(text);
