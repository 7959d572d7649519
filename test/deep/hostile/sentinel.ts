import { createHash } from 'node:crypto';
import { detected } from '../../../src/answers/appValues.ts';
import { parseAnswers } from '../../../src/answers/parse.ts';
import { type Answers, type QuestionKey, questions, type RawAnswers } from '../../../src/answers/questions.ts';
import type { Detection } from '../../../src/detect/detection.ts';
import { greenfield, type Project } from '../../../src/model/project.ts';
import { projectFrom } from '../../../src/model/projectFrom.ts';
import { buildStack, type Stack } from '../../../src/model/stack.ts';
import { detectionOf, frontendOf, sure } from '../../detect/detections.ts';
import { fixedSecrets } from '../../fixture.ts';

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
  securityTxtExpires: '2031-03-07',
  alertEmail: 'sentinel@alert.example',
  smtpServer: 'sentinel-smtp.example:587',
} as const satisfies Partial<RawAnswers>;
const reports = { mail: 'sentinel-report@mail.example', page: 'https://sentinel-report.example/report' };
/** How many requests the audit sends at once. */
const burstSentinel = 77779;
const retrySentinels: Readonly<Record<string, number>> = { api: 77771, auth: 77773 };

// The names of bridges begin with it: four letters of the app's name, and five digits of its SHA-256.
const bridgesOf = (appName: string) =>
  appName.replaceAll('-', '').slice(0, 4) + createHash('sha256').update(appName).digest('hex').slice(0, 5);
const bridgeSentinel = bridgesOf(sentinels.appName);

// What stays what it is, as the stack decides by it.
const ours = /^(?:DB_[A-Z]+|DATABASE_URL|SECRET_KEY)$/;
const decisive = /^(?:celery|dramatiq|worker|-A|--app)$/;

type Parsed<Key extends QuestionKey> = ReturnType<(typeof questions)[Key]['parse']>;
/** The answer in the form of a text again, or undefined where nothing in it can be exchanged. */
const exchange = <Key extends QuestionKey>(
  key: Key,
  raw: RawAnswers,
  textOf: (value: Exclude<Parsed<Key>, 'detect'>) => string | undefined,
): string => {
  const value = questions[key].parse(raw[key]) as Parsed<Key>;
  return value === detected ? raw[key] : (textOf(value as Exclude<Parsed<Key>, 'detect'>) ?? raw[key]);
};
const folder = (text: string, sentinel: string) => (text === '' ? undefined : sentinel);
const list = (texts: readonly string[]) => (texts.length === 0 ? 'none' : texts.join(','));
const named = (name: string, sentinel: string) => (ours.test(name) ? name : sentinel);
const wordOf = (word: string, sentinel: string) =>
  decisive.test(word) ? word : `${sentinel}${word.replace(/[^=,%]/g, '')}`;

const destinationSentinel = (index: number, isIPv6: boolean) => ({
  address: isIPv6 ? `fd5e:${index}::7` : `10.213.${index}.7`,
  port: String(62_001 + index),
});
const destinationList = (raw: string) =>
  questions.egressAllow
    .parse(raw)
    .map(({ isIPv6 }, index) => {
      const { address, port } = destinationSentinel(index, isIPv6);
      return isIPv6 ? `[${address}]:${port}` : `${address}:${port}`;
    })
    .join(',');

const at = (what: string, index: number) => `sentinel_${what}_${index + 1}`;
const databaseSentinel = (form: string, index: number): string =>
  form === 'url' ? `sentinelscheme${index + 1}` : `sentinel-literal-${index + 1}`;

/** Answers about an app that exists: as many items of the same kinds, each a sentinel. */
const fitSentinels = (raw: RawAnswers): Partial<RawAnswers> => ({
  appRoot: exchange('appRoot', raw, (path) => folder(path, 'sentinel-root/app')),
  pythonPath: exchange('pythonPath', raw, (path) => folder(path, 'sentinel-imports/lib')),
  frontend: exchange('frontend', raw, (path) => path && folder(path, 'sentinel-front/end')),
  imageFiles: exchange('imageFiles', raw, (paths) => list(paths.map((_, index) => `sentinel-file-${index + 1}`))),
  databaseVariables: exchange('databaseVariables', raw, (rows) =>
    list(
      rows.map(
        ({ name, form, text }, index) =>
          `${named(name, at('database', index))}=${form}${text === '' ? '' : `:${databaseSentinel(form, index)}`}`,
      ),
    ),
  ),
  queueVariables: exchange('queueVariables', raw, (rows) =>
    list(
      rows.map(
        ({ name, form, database }, index) =>
          `${named(name, at('queue', index))}=${form}${database === undefined ? '' : `/${database}`}`,
      ),
    ),
  ),
  workers: exchange('workers', raw, (rows) =>
    rows.length === 0
      ? 'none'
      : rows
          .map(
            ({ role, command }, row) =>
              `${role}: ${command.map((word, index) => wordOf(word, `sentinel-w${row}-${index}.`)).join(' ')}`,
          )
          .join('; '),
  ),
  secretKeyVariables: exchange('secretKeyVariables', raw, (names) =>
    list(names.map((name, index) => named(name, at('key', index)))),
  ),
  requiredVariables: exchange('requiredVariables', raw, (names) => list(names.map((_, index) => at('need', index)))),
});

/** The same choices, and a sentinel for every other answer that is not empty. */
export const sentinelAnswers = (raw: RawAnswers): RawAnswers => ({
  ...raw,
  ...sentinels,
  ...fitSentinels(raw),
  healthPath: raw.healthPath === 'none' ? 'none' : sentinels.healthPath,
  appEntry: raw.app === 'existing' ? `${entry}${raw.appEntry.endsWith('()') ? '()' : ''}` : questions.appEntry.default,
  ...Object.fromEntries(
    (['serverNames', 'redirectNames', 'staticFiles', 'spa', 'certEmail', 'alertEmail', 'smtpServer'] as const).map(
      (key) => [key, raw[key].replace(/[\s,]/g, '') === '' ? '' : sentinels[key]],
    ),
  ),
  egressAllow: destinationList(raw.egressAllow),
  securityContact: exchange('securityContact', raw, (contact) =>
    contact === '' ? undefined : contact.startsWith('mailto:') ? reports.mail : reports.page,
  ),
  securityTxtExpires: exchange('securityTxtExpires', raw, (day) => folder(day, sentinels.securityTxtExpires)),
});

/** What was found in the directory of an app that exists, beside what the answers say. */
export type Variant = Partial<Detection>;

/** The project of the app that the answers name: where they name a folder, that is what was looked at. */
export const projectOf = (answers: Answers, variant: Variant): Project => {
  if (answers.app === 'new') return greenfield;
  const found = detectionOf({ copies: [sure(answers.appEntry.split(/[.:]/)[0] ?? ''), sure('static')], ...variant });
  const [frontend] = found.frontends;
  return projectFrom(answers, {
    ...found,
    ...(answers.appRoot === detected ? {} : { app: sure({ root: answers.appRoot, framework: 'fastapi' }) }),
    ...(answers.frontend === detected || answers.frontend === undefined
      ? {}
      : { frontends: [frontendOf({ ...frontend?.value, folder: answers.frontend })] }),
  });
};

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
  const auditFacts = { ...stack.auditFacts, burstRequests: burstSentinel };
  return { ...stack, auditFacts, limits: { ...stack.limits, zones } };
};

const wait = (rate: string) => Math.max(1, Math.ceil((rate.endsWith('m') ? 60 : 1) / Number.parseInt(rate, 10)));

// The burst of 20 and 20 more, and what the limit lets through in two seconds; never more than 500.
const atOnce = (rate: string) => {
  const count = Number.parseInt(rate, 10);
  return Math.min(500, 40 + 2 * (rate.endsWith('m') ? Math.floor(count / 60) + 1 : count));
};

const or = <Value>(answer: readonly Value[] | 'detect'): readonly Value[] => (answer === detected ? [] : answer);
const pairs = <Value>(
  values: readonly Value[] | 'detect',
  pair: (value: Value, index: number) => readonly (readonly [string, string])[],
): Readonly<Record<string, string>> => Object.fromEntries(or(values).flatMap(pair));

/** Of the answers about an app that exists: sentinel → what it stands for. */
const fitForms = (answers: Answers): Readonly<Record<string, string>> => ({
  'sentinel-root/app': answers.appRoot,
  'sentinel-imports/lib': answers.pythonPath,
  'sentinel-front/end': answers.frontend ?? '',
  ...pairs<string>(answers.imageFiles, (path, index) => [[`sentinel-file-${index + 1}`, path]]),
  ...pairs(answers.databaseVariables, ({ name, form, text }, index) => [
    [at('database', index), name],
    [databaseSentinel(form, index), text],
  ]),
  ...pairs(answers.queueVariables, ({ name }, index) => [[at('queue', index), name]]),
  ...pairs(answers.workers, ({ command }, row) =>
    command.map((word, index) => [wordOf(word, `sentinel-w${row}-${index}.`), word] as const),
  ),
  ...pairs<string>(answers.secretKeyVariables, (name, index) => [[at('key', index), name]]),
  ...pairs<string>(answers.requiredVariables, (name, index) => [[at('need', index), name]]),
});

/** A destination as firewall.sh has it, and as SECURITY.md does: never the port alone, which digits of a digest may look like. */
const destinationForms = ({ egressAllow }: Answers): Readonly<Record<string, string>> =>
  Object.fromEntries(
    egressAllow.flatMap(({ network, port, isIPv6 }, index) => {
      const sentinel = destinationSentinel(index, isIPv6);
      const of = `${sentinel.address}/${isIPv6 ? 128 : 32}`;
      return [' ', '`, TCP port '].map((gap) => [`${of}${gap}${sentinel.port}`, `${network}${gap}${port}`] as const);
    }),
  );

const formsOf = (answers: Answers): Readonly<Record<string, string>> => ({
  [sentinels.domain]: answers.domain,
  [sentinels.appName]: answers.appName,
  sentinel_app: answers.appName.replaceAll('-', '_'),
  [sentinels.dbUser]: answers.dbUser,
  ...fitForms(answers),
  [entry]: answers.appEntry.replace('()', ''),
  sentinel_package: answers.appEntry.split(/[.:]/)[0] ?? '',
  [bridgeSentinel]: bridgesOf(answers.appName),
  ...destinationForms(answers),
  [sentinels.appPort]: String(answers.appPort),
  [sentinels.healthPath]: answers.healthPath,
  [sentinels.rateLimit]: answers.rateLimit,
  [sentinels.loginRateLimit]: answers.loginRateLimit,
  77771: String(wait(answers.rateLimit)),
  [burstSentinel]: String(atOnce(answers.rateLimit)),
  77773: String(wait(answers.loginRateLimit)),
  [sentinels.bodySize]: answers.bodySize,
  [` -d ${sentinels.serverNames}`]: answers.serverNames.map((name) => ` -d ${name}`).join(''),
  [` ${sentinels.serverNames}`]: answers.serverNames.map((name) => ` ${name}`).join(''),
  [` -d ${sentinels.redirectNames}`]: answers.redirectNames.map((name) => ` -d ${name}`).join(''),
  [` ${sentinels.redirectNames}`]: answers.redirectNames.map((name) => ` ${name}`).join(''),
  [sentinels.staticFiles]: answers.staticFiles,
  [sentinels.spa]: answers.spa,
  [sentinels.certEmail]: answers.certEmail,
  [reports.mail]: answers.securityContact.replace('mailto:', ''),
  [reports.page]: answers.securityContact,
  [sentinels.securityTxtExpires]: answers.securityTxtExpires,
  [sentinels.alertEmail]: answers.alertEmail,
  [sentinels.smtpServer]: answers.smtpServer,
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
export const mentionsSentinel = (text: string): boolean =>
  text.includes(bridgeSentinel) || /sentinel|61357|5432[13]r|7777[139]|7919k|2031-03-07|10\.213\.|fd5e:/.test(text);
