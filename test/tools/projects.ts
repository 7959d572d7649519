import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { fitApp } from '../detect/fitApp.ts';
import { scratch } from '../fixture.ts';
import { must, runProgram } from './toolbox.ts';

type AnswerSet = { readonly flags: readonly string[]; readonly files?: Readonly<Record<string, string>> };

// 253 characters: nginx refuses names over 46 unless its hash table is told of them.
const longestName = `${`${'a'.repeat(63)}.`.repeat(3)}${'a'.repeat(53)}.example`;

const appWith = (driver: string): string => `import os

import ${driver}
from fastapi import FastAPI

app = FastAPI()


def database():
    return ${driver}.connect(os.environ["DATABASE_URL"])
`;

/** The answer sets whose trees every tool looks at; together they take each branch of the templates. */
const answerSets = {
  'a new app': { flags: [] },
  'secrets in the environment': { flags: ['--secrets', 'env'] },
  'a pip app without migrations': {
    flags: [
      ...['--app', 'existing', '--migrations', 'none', '--app-entry', 'web.main:app', '--app-port', '9000'],
      ...['--database-scheme', 'postgresql+psycopg2', '--health-path', '/healthz'],
    ],
    files: {
      'requirements.txt': 'fastapi\nuvicorn\npsycopg2\n',
      'web/main.py': appWith('psycopg2'),
      'static/site.css': 'body {}\n',
    },
  },
  'a uv app with Alembic': {
    flags: ['--app', 'existing', '--app-entry', 'shop:app'],
    files: {
      'uv.lock': 'version = 1\n',
      'pyproject.toml':
        '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["fastapi", "uvicorn", "alembic", "asyncpg"]\n',
      'shop.py': appWith('asyncpg'),
      'alembic.ini': '[alembic]\nscript_location = migrations\n',
      'migrations/env.py': '"""Empty."""\n',
    },
  },
  'an app that has everything': {
    flags: ['--app', 'existing', '--api-paths', '/api,/auth'],
    files: fitApp,
  },
  'a member of a workspace, secrets as files': {
    flags: ['--app', 'existing', '--secrets', 'files', '--workers', 'worker: python -m acme_api.mailer'],
    files: {
      'pyproject.toml': '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
      'uv.lock': 'version = 1\n',
      'packages/core/pyproject.toml': '[project]\nname = "acme-core"\nversion = "1"\ndependencies = []\n',
      'packages/core/src/acme_core/__init__.py': '',
      'packages/api/pyproject.toml':
        '[project]\nname = "acme-api"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["fastapi", "uvicorn", "psycopg2", "acme-core"]\n\n[tool.uv.sources]\nacme-core = { workspace = true }\n',
      'packages/api/src/acme_api/__init__.py': '',
      'packages/api/src/acme_api/mailer.py': '"""Nothing yet."""\n',
      'packages/api/src/acme_api/main.py': `import acme_core\n${appWith('psycopg2')}`,
    },
  },
  'monitoring, alerts by e-mail': {
    flags: [
      ...['--monitoring', 'on', '--alert-receiver', 'email', '--alert-email', 'ops@example.test'],
      ...['--smtp-server', 'smtp.example.test:587', '--behind', 'proxy-protocol', '--trusted-proxies', '10.0.0.0/16'],
    ],
  },
  'monitoring, secrets as files, alerts to Slack': {
    flags: ['--monitoring', 'on', '--alert-receiver', 'slack', '--log-shipping', 'loki', '--secrets', 'files'],
  },
  'an edge with everything open': {
    flags: [
      ...[
        '--ipv6',
        'off',
        '--http3',
        'on',
        '--api-docs',
        'open',
        '--tls-profile',
        'modern',
        '--csp',
        'app',
        '--rate-limit-mode',
        'dry-run',
      ],
      ...['--server-names', 'api.example.test', '--redirect-names', 'www.example.test', '--static-files', 'app/static'],
      ...['--rate-limit-exempt', '10.0.0.0/8,2001:db8::/32', '--spa', 'web/dist', '--api-paths', '/api,/auth'],
      '--endpoints',
      'path=/upload rate=2r/s burst=5 methods=POST,PUT body=50m timeout=300s; path=/slow.v1 timeout=120s',
    ],
  },
  'an edge behind a load balancer': {
    flags: [
      ...['--behind', 'aws-alb', '--trusted-proxies', '10.0.0.0/16', '--csp', 'custom'],
      ...['--csp-policy', "default-src 'self'; img-src 'self' https://images.example.com", '--api-docs', 'open'],
    ],
  },
  'pipelines on GitHub and GitLab': {
    flags: ['--ci', 'both', '--security-contact', 'security@example.test'],
  },
  'pipelines on GitLab, files with other names': {
    flags: ['--existing', 'keep', '--security-contact', 'https://example.test/report'],
    files: {
      '.gitlab-ci.yml': '---\ninclude:\n  - local: .gitlab/ci/security.yml\n',
      'SECURITY.md': '# Theirs\n',
    },
  },
  'an edge behind Cloudflare': {
    flags: ['--behind', 'cloudflare', '--csp', 'spa', '--rate-limit-exempt', '192.0.2.7'],
  },
  'an edge behind the PROXY protocol': {
    flags: ['--behind', 'proxy-protocol', '--trusted-proxies', '10.0.0.0/16,2001:db8::/32', '--csp', 'api'],
  },
  'more host names, softer headers': {
    flags: [
      ...['--server-names', `www.example.test,${longestName}`, '--hsts', 'full', '--xss-protection', 'off'],
      ...[
        '--cert-email',
        'ops@example.test',
        '--rate-limit',
        '30r/m',
        '--body-size',
        '512k',
        '--python-version',
        '3.14',
      ],
    ],
  },
} as const satisfies Record<string, AnswerSet>;
export type SetName = keyof typeof answerSets;
export const setNames = Object.keys(answerSets) as SetName[];
export const setsWithMonitoring = [
  'monitoring, alerts by e-mail',
  'monitoring, secrets as files, alerts to Slack',
] as const satisfies readonly SetName[];

/** Commits what git takes of a project. */
export const commit = async (directory: string): Promise<void> => {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.test'];
  await must('git', ['init', '--quiet', '--initial-branch=main'], { cwd: directory });
  await must('git', ['add', '--all'], { cwd: directory });
  await must('git', [...who, 'commit', '--quiet', '--allow-empty', '--message', 'all'], { cwd: directory });
};

const generate = async (name: SetName): Promise<string> => {
  const directory = scratch();
  const { flags, files = {} }: AnswerSet = answerSets[name];
  for (const [path, text] of Object.entries(files)) put(directory, path, text);
  const bin = join(packageRoot(), 'dist/bin/comicpile.js');
  const args = [bin, '--yes', '--skip-install', '--domain', 'app.example.test', ...flags];
  const { exitCode, output } = await runProgram(process.execPath, args, { cwd: directory });
  assert.equal(exitCode, 0, output);
  await commit(directory);
  return directory;
};

const made = new Map<SetName, Promise<string>>();

/** The folder of an emitted, committed project; made once, so nobody may change it. */
export const project = (name: SetName): Promise<string> => {
  const known = made.get(name) ?? generate(name);
  made.set(name, known);
  return known;
};

/** A project of its own, with a fault put into it and committed. */
export const spoilt = async (spoil: (directory: string) => void, name: SetName = 'a new app'): Promise<string> => {
  const directory = await generate(name);
  spoil(directory);
  await commit(directory);
  return directory;
};

/** Only what git took: without the secrets, which are where they belong. */
export const checkout = async (directory: string): Promise<string> => {
  const copy = scratch();
  await must('git', ['clone', '--quiet', '--no-local', directory, copy]);
  return copy;
};

/**
 * A checkout of what no project before it had, word for word under the same path. Two projects share most of their files:
 * for a tool that judges each file by itself and takes seconds for a project, what was looked at once is left out.
 */
export const checkoutOfNew = (): ((directory: string) => Promise<string>) => {
  const seen = new Set<string>();
  return async (directory) => {
    const copy = await checkout(directory);
    const { stdout } = await must('git', ['ls-files', '--stage', '-z'], { cwd: copy });
    for (const file of stdout.split('\0').filter(Boolean)) {
      if (seen.has(file)) rmSync(join(copy, file.slice(file.indexOf('\t') + 1)));
      seen.add(file);
    }
    await commit(copy);
    return copy;
  };
};

/** Paths that git took and that match; not the copies that a later merge needs, which are the same text. */
export const tracked = async (directory: string, pattern: RegExp): Promise<readonly string[]> => {
  const { stdout } = await must('git', ['ls-files', '-z'], { cwd: directory });
  return stdout.split('\0').filter((path) => path !== '' && !path.startsWith('.comicpile/') && pattern.test(path));
};

/** The scripts that are run; the others are only read by them, and have no usage. */
export const commandsIn = (directory: string): readonly string[] =>
  readdirSync(join(directory, 'scripts')).filter(
    (name) =>
      name.endsWith('.sh') && /^# Usage: scripts\//m.test(readFileSync(join(directory, 'scripts', name), 'utf8')),
  );

export const put = (directory: string, path: string, text: string): void => {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
};

/** Changes a file; a change that changes nothing would make a control that proves nothing. */
export const edit = (directory: string, path: string, change: (text: string) => string): void => {
  const text = readFileSync(join(directory, path), 'utf8');
  assert.notEqual(change(text), text, `${path} has nothing to spoil`);
  writeFileSync(join(directory, path), change(text));
};
