import type { Given } from '../answers/gather.ts';
import { parseAnswers } from '../answers/parse.ts';
import { defaultAnswers } from '../answers/questions.ts';
import { greenfield, type Project } from '../model/project.ts';
import { keepOrDraw, keepPrevious } from '../model/secrets.ts';
import { buildStack, type Extension, type Stack } from '../model/stack.ts';
import { type ExistingApp, existingApps } from './sampleApps.ts';

const ofNewApps: Readonly<Record<string, Given>> = {
  defaults: {},
  'secrets in the environment': {
    secrets: 'env',
    serverNames: 'www.app.example.test',
    redirectNames: 'old.app.example.test',
    hsts: 'full',
    xssProtection: 'off',
    securityContact: 'security@example.test',
    securityTxtExpires: '2027-01-31',
    ci: 'both',
    monitoring: 'on',
    alertReceiver: 'email',
    alertEmail: 'alerts@example.test',
    smtpServer: 'smtp.example.test:587',
    egress: 'internet',
    egressAllow: '10.0.0.5:5432,[fd00::5]:443',
  },
  'everything at the edge': {
    tlsProfile: 'modern',
    http3: 'on',
    hsts: 'no-preload',
    ipv6: 'off',
    csp: 'app',
    apiDocs: 'open',
    redirectNames: 'www.app.example.test',
    endpoints: 'path=/upload rate=2r/s burst=5 methods=POST,PUT body=50m timeout=300s; path=/slow rate=1r/s',
    rateLimitExempt: '10.0.0.0/8',
    rateLimitMode: 'dry-run',
    staticFiles: 'app',
    spa: 'web/dist',
    packs: '@acme/comicpile-pack',
    monitoring: 'on',
    alertReceiver: 'webhook',
    logShipping: 'loki',
  },
  'behind the PROXY protocol': {
    behind: 'proxy-protocol',
    trustedProxies: '10.0.0.0/16',
    ci: 'gitlab',
    packs: 'acme-pack',
    monitoring: 'on',
    alertReceiver: 'slack',
  },
  'behind a load balancer': { behind: 'aws-alb', trustedProxies: '10.0.0.0/16', ci: 'none' },
};

const ofApp = ({ given, project }: ExistingApp) => ({
  given: { secrets: 'env', egress: 'internet', ...given, app: 'existing' },
  project,
});

/** Answers, and what the directory holds, that between them take every way through our own templates. */
const samples: Readonly<Record<string, { readonly given: Given; readonly project: Project }>> = {
  ...Object.fromEntries(Object.entries(ofNewApps).map(([name, given]) => [name, { given, project: greenfield }])),
  ...Object.fromEntries(Object.entries(existingApps).map(([name, app]) => [name, ofApp(app)])),
};

/** The models of the samples, with secrets that are drawn and thrown away. */
export const sampleStacks = (extension: Extension): Readonly<Record<string, Stack>> =>
  Object.fromEntries(
    Object.entries(samples).map(([name, { given, project }]) => {
      const answers = parseAnswers({ ...defaultAnswers, domain: 'app.example.test', ...given });
      const none = { env: '', files: {} };
      return [name, buildStack(answers, project, keepOrDraw(none), keepPrevious(none), extension)];
    }),
  );
