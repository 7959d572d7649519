import { Refusal } from '../base/refusal.ts';
import {
  type Answers,
  flagOf,
  type Question,
  type QuestionKey,
  questionKeys,
  questions,
  type RawAnswers,
} from './questions.ts';
import { takenNames } from './takenNames.ts';

// Of the development stack, on the same loopback address.
const takenPorts: Readonly<Record<number, string>> = { 5050: 'pgAdmin', 5432: 'PostgreSQL' };

const existingOnly = questionKeys.filter(
  (key) => key === 'appEntry' || key === 'databaseScheme' || questions[key].group === 'fit',
);

const edgeProblems = (answers: Answers): string[] => {
  const { domain, serverNames, redirectNames, csp, cspPolicy, behind, trustedProxies, http3, spa, apiPaths } = answers;
  const problems: string[] = [];
  for (const name of redirectNames.filter((name) => name === domain || serverNames.includes(name))) {
    problems.push(`--redirect-names: ${name} is served already; list only names that redirect`);
  }
  if (csp === 'custom' && cspPolicy === '') {
    problems.push("--csp custom needs --csp-policy, for example default-src 'self'");
  }
  if (csp !== 'custom' && cspPolicy !== '') {
    problems.push(`--csp-policy is for --csp custom, not ${csp}; empty it (or give --csp custom)`);
  }
  const needsNetworks = questions.trustedProxies.askedIf({ behind });
  if (needsNetworks && trustedProxies.length === 0) {
    problems.push(`--behind ${behind} needs --trusted-proxies, for example 10.0.0.0/16`);
  }
  if (!needsNetworks && trustedProxies.length > 0) {
    problems.push(`--trusted-proxies is not for --behind ${behind}; empty it (or give --behind proxies)`);
  }
  if (http3 === 'on' && behind !== 'none') {
    problems.push(
      `--http3 on: nobody speaks HTTP/3 to a server behind ${behind}; leave it out (or give --behind none)`,
    );
  }
  if (answers.app === 'new' && spa === '' && apiPaths.join() !== questions.apiPaths.default) {
    problems.push('--api-paths is for --spa; leave it out (or give --spa frontend/dist)');
  }
  return problems;
};

const monitoringProblems = ({ monitoring, alertReceiver, alertEmail, smtpServer, logShipping }: Answers): string[] => {
  const problems: string[] = [];
  const byEmail = alertReceiver === 'email';
  if (monitoring === 'off' && alertReceiver !== 'none') {
    problems.push(`--alert-receiver ${alertReceiver} is for --monitoring on; leave it out (or give --monitoring on)`);
  }
  if (monitoring === 'off' && logShipping !== 'none') {
    problems.push(`--log-shipping ${logShipping} is for --monitoring on; leave it out (or give --monitoring on)`);
  }
  if (byEmail && (alertEmail === '' || smtpServer === '')) {
    problems.push(
      '--alert-receiver email needs --alert-email and --smtp-server, for example ops@example.com and smtp.example.com:587',
    );
  }
  if (!byEmail && (alertEmail !== '' || smtpServer !== '')) {
    problems.push('--alert-email and --smtp-server are for --alert-receiver email; leave them out');
  }
  return problems;
};

/** Promises about answers taken together; one line per offence. */
const crossProblems = (answers: Answers): string[] => {
  const problems: string[] = [];
  if (takenNames.has(answers.appName)) {
    problems.push(
      `--app-name ${answers.appName}: a package or image that the build uses has this name, take for example my-${answers.appName}`,
    );
  }
  const taker = takenPorts[answers.appPort];
  if (taker !== undefined) {
    problems.push(`--app-port ${answers.appPort} is ${taker}'s in development, take for example 8000`);
  }
  if (answers.serverNames.includes(answers.domain)) {
    problems.push(`--server-names: ${answers.domain} is the main host name already; list only the others`);
  }
  if (answers.egress === 'none' && answers.egressAllow.length > 0) {
    problems.push('--egress-allow is for --egress internet; leave it out (or give --egress internet)');
  }
  problems.push(...edgeProblems(answers), ...monitoringProblems(answers));
  if (answers.app === 'new') {
    for (const key of existingOnly.filter((key) => String(answers[key]) !== questions[key].default)) {
      problems.push(
        key === 'appEntry' || key === 'databaseScheme'
          ? `--${flagOf(key)} is for an app that exists; the new app uses ${questions[key].default} (or give --app existing)`
          : `--${flagOf(key)} is for an app that exists; leave it out (or give --app existing)`,
      );
    }
    if (answers.migrations === 'none') {
      problems.push(
        '--migrations none is for an app that exists; the new app comes with Alembic (or give --app existing)',
      );
    }
    if (answers.healthPath === '') {
      problems.push('--health-path none is for an app that exists; the new app has one (or give --app existing)');
    }
    if (answers.healthPath.startsWith('/api') || answers.healthPath === '/') {
      problems.push(`--health-path ${answers.healthPath} is taken by the new app's routes, take for example /health`);
    }
  }
  return problems;
};

/** Raw strings to safe values, those for packs only tried, or one refusal that lists every problem. */
export const parseAnswers = (raw: RawAnswers, ofPacks: Readonly<Record<string, Question>> = {}): Answers => {
  const parsed: Partial<Record<QuestionKey, unknown>> = {};
  const problems: string[] = [];
  for (const key of questionKeys) {
    try {
      parsed[key] = questions[key].parse(raw[key]);
    } catch (error) {
      problems.push(`--${flagOf(key)}: ${(error as Error).message}`);
    }
  }
  for (const [key, { parse }] of Object.entries(ofPacks)) {
    try {
      parse(raw[key] ?? '');
    } catch (error) {
      problems.push(`--set ${key}=…: ${(error as Error).message}`);
    }
  }
  if (problems.length === 0) problems.push(...crossProblems(parsed as Answers));
  if (problems.length > 0) throw new Refusal('These answers cannot be used (nothing was written):', problems);
  return parsed as Answers;
};
