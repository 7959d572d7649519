import { parseAnswers } from '../answers.ts';
import type { Given } from '../gather.ts';
import { greenfield } from '../project/project.ts';
import { defaultAnswers } from '../questions.ts';
import { keepOrDraw, keepPrevious } from '../secrets.ts';
import { buildStack, type Extension, type Stack } from '../stack.ts';

/** Answers that between them take every way through our own templates. */
const samples: Readonly<Record<string, Given>> = {
  defaults: {},
  'secrets as files': {
    secrets: 'files',
    serverNames: 'www.app.example.test',
    hsts: 'host-only',
    xssProtection: 'off',
  },
  'everything at the edge': {
    tlsProfile: 'modern',
    http3: 'on',
    ipv6: 'off',
    csp: 'app',
    apiDocs: 'open',
    redirectNames: 'www.app.example.test',
    endpoints: 'path=/upload rate=2r/s burst=5 methods=POST,PUT body=50m timeout=300s',
    rateLimitExempt: '10.0.0.0/8',
    rateLimitMode: 'dry-run',
    staticFiles: 'app',
    spa: 'web/dist',
  },
  'behind a load balancer': { behind: 'aws-alb', trustedProxies: '10.0.0.0/16' },
};

/** The models of the samples, with secrets that are drawn and thrown away. */
export const sampleStacks = (extension: Extension): Readonly<Record<string, Stack>> =>
  Object.fromEntries(
    Object.entries(samples).map(([name, given]) => {
      const answers = parseAnswers({ ...defaultAnswers, domain: 'app.example.test', ...given });
      const none = { env: '', files: {} };
      return [name, buildStack(answers, greenfield, keepOrDraw(none), keepPrevious(none), extension)];
    }),
  );
