import assert from 'node:assert/strict';
import { rules, verify } from '../../../src/emit/promises/verify.ts';
import type { RenderedFile } from '../../../src/emit/renderedFile.ts';
import { fixedSecrets, renderAll, spoil, stackOf } from '../../fixture.ts';

type Bad = {
  readonly promise: keyof typeof rules;
  readonly to: string;
  readonly edit: (text: string) => string;
  readonly offence: string;
};

const bad: readonly Bad[] = [
  {
    promise: 'every nginx include is emitted',
    to: 'nginx/nginx.conf',
    edit: (text) => text.replace('include snippets/tls.conf;', 'include snippets/tsl.conf;'),
    offence: 'nginx/nginx.conf includes nginx/snippets/tsl.conf, which nobody emits',
  },
  {
    promise: 'every upstream is a service on its port',
    to: 'nginx/snippets/proxy.conf',
    edit: (text) => text.replace('server app:8000', 'server web:8000'),
    offence: 'nginx passes to web:8000, but docker-compose.prod.yml has no service web',
  },
  {
    promise: 'every upstream is a service on its port',
    to: 'nginx/snippets/proxy.conf',
    edit: (text) => text.replace('server app:8000', 'server app:9000'),
    offence: 'nginx passes to app:9000, but the app listens on 8000',
  },
  {
    promise: 'every compose variable is set and required',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('${APP_TAG:?is in .env.production}', '${APP_TGA:?is in .env.production}'),
    offence: 'docker-compose.prod.yml reads ${APP_TGA}, which .env.production does not set',
  },
  {
    promise: 'every compose variable is set and required',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('${DB_PASSWORD:?is in .env.production}', '${DB_PASSWORD}'),
    offence: 'docker-compose.prod.yml reads ${DB_PASSWORD} without :?, so a missing value would pass silently',
  },
  {
    promise: 'every bind mount is emitted',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('./nginx:', './nginx-conf:'),
    offence: 'docker-compose.prod.yml mounts ./nginx-conf, which nobody emits',
  },
  {
    promise: 'no secret outside a secret file, and those are ignored',
    to: '.env.example',
    edit: (text) => `${text}# ${fixedSecrets.DB_PASSWORD}\n`,
    offence: '.env.example holds the value of DB_PASSWORD',
  },
  {
    promise: 'no secret outside a secret file, and those are ignored',
    to: '.gitignore',
    edit: (text) => text.replace('.env.production\n', ''),
    offence: '.gitignore does not ignore .env.production',
  },
  {
    promise: 'every service of production is hardened',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('  read_only: true', '  read_only: false'),
    offence: 'docker-compose.prod.yml: x-hardened lacks a line of ours',
  },
  {
    promise: 'every service of production is hardened',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('  certbot:\n    <<: *hardened\n', '  certbot:\n'),
    offence: 'docker-compose.prod.yml: certbot has no `<<: *hardened`',
  },
  {
    promise: 'every service of production is hardened',
    to: 'docker-compose.prod.yml',
    edit: (text) =>
      text.replace('    user: "70:70"\n', '    user: "70:70"\n    cap_add: [CHOWN]\n    ports: ["5432:5432"]\n'),
    offence: 'docker-compose.prod.yml: db has `cap_add:`',
  },
  {
    promise: 'every service of production is hardened',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('    user: "70:70"\n', '    user: "70:70"\n    ports:\n      - "5432:5432"\n'),
    offence: 'docker-compose.prod.yml: db publishes ports',
  },
  {
    promise: 'every service of production is hardened',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('    user: "70:70"\n', '    user: root\n'),
    offence: 'docker-compose.prod.yml: db has no numeric user',
  },
  {
    promise: 'every service of production is hardened',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('    healthcheck:\n', ''),
    offence: 'docker-compose.prod.yml: nginx has no health check',
  },
  {
    promise: 'every service of production is hardened',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('          pids: 100\n', ''),
    offence: 'docker-compose.prod.yml: nginx has no limit of pids',
  },
  {
    promise: 'every service of production is hardened',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('      - .:/project:ro\n', '      - .:/project:ro\n      - /var/run/docker.sock:/x\n'),
    offence: 'docker-compose.prod.yml: backups has `/var/run/docker.sock`',
  },
  {
    promise: 'the edge keeps headers, limits and TLS as decided',
    to: 'nginx/snippets/security-headers.conf',
    edit: (text) => text.replace('add_header X-Frame-Options "SAMEORIGIN" always;', ''),
    offence: 'nginx/snippets/security-headers.conf does not send X-Frame-Options as decided',
  },
  {
    promise: 'the edge keeps headers, limits and TLS as decided',
    to: 'nginx/snippets/rate-limits.conf',
    edit: (text) => text.replace('limit_req zone=auth ', '# limit_req zone=auth '),
    offence: 'nginx/snippets/rate-limits.conf does not apply the zone auth',
  },
  {
    promise: 'the edge keeps headers, limits and TLS as decided',
    to: 'nginx/snippets/tls.conf',
    edit: (text) => text.replace('ssl_protocols TLSv1.2', 'ssl_protocols TLSv1 TLSv1.2'),
    offence: 'nginx/snippets/tls.conf does not have the protocols TLSv1.2 TLSv1.3',
  },
  {
    promise: 'the edge keeps headers, limits and TLS as decided',
    to: 'nginx/snippets/tls.conf',
    edit: (text) => text.replace('ssl_ciphers ', 'ssl_ciphers RC4-SHA:'),
    offence: 'nginx/snippets/tls.conf does not have the ciphers of the profile',
  },
  {
    promise: 'the edge keeps headers, limits and TLS as decided',
    to: 'nginx/sites/site.conf',
    edit: (text) => text.replace('    include snippets/security-headers.conf;\n', ''),
    offence: 'nginx/sites/site.conf does not include snippets/security-headers.conf',
  },
  {
    promise: 'the edge keeps headers, limits and TLS as decided',
    to: 'nginx/sites/site.conf',
    edit: (text) =>
      text.replace('        proxy_pass http://app;', '        add_header X-A 1;\n        proxy_pass http://app;'),
    offence: 'nginx/sites/site.conf has add_header in a location',
  },
  {
    promise: 'each service gets only its own secrets',
    to: 'docker-compose.prod.yml',
    edit: (text) =>
      text.replace('      DB_HOST: db', '      X: ${POSTGRES_PASSWORD:?is in .env.production}\n      DB_HOST: db'),
    offence: 'docker-compose.prod.yml gives POSTGRES_PASSWORD to app, which is not its own',
  },
  {
    promise: 'the connections to the database add up',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('replicas: 2', 'replicas: 4'),
    offence: 'the pools of the app are 2 x 40 in a deploy; its role may have 42',
  },
  {
    promise: 'the connections to the database add up',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace(/max_connections=\d+/, 'max_connections=50'),
    offence: 'db/init/10-roles.sh gives comicpile 42 connections; the others leave 36',
  },
  {
    promise: 'the connections to the database add up',
    to: 'db/init/10-roles.sh',
    edit: (text) => text.replace(/ CONNECTION LIMIT 3$/m, ''),
    offence: 'db/init/10-roles.sh does not limit comicpile_owner to 3 connections',
  },
  {
    promise: 'each service gets only its own secrets',
    to: 'docker-compose.prod.yml',
    edit: (text) =>
      text.replace(
        '      POSTGRES_USER:',
        '      X: ${DB_PASSWORD_PREVIOUS?is in .env.production}\n      POSTGRES_USER:',
      ),
    offence: 'docker-compose.prod.yml gives DB_PASSWORD_PREVIOUS to db, which is not its own',
  },
  {
    promise: 'every compose variable is set and required',
    to: 'docker-compose.prod.yml',
    edit: (text) => text.replace('${DB_PASSWORD:?is', '${DB_PASSWORD?is'),
    offence: 'docker-compose.prod.yml reads ${DB_PASSWORD} without :?, so a missing value would pass silently',
  },
  {
    promise: '.env.example matches .env.production',
    to: '.env.example',
    edit: (text) => text.replace('SECRET_KEY=', 'SECRET='),
    offence: 'SECRET is in only one of .env.example and .env.production',
  },
  {
    promise: 'every script named is emitted',
    to: 'SECURITY.md',
    edit: (text) => text.replace('scripts/scan.sh', 'scripts/scna.sh'),
    offence: 'SECURITY.md names scripts/scna.sh, which nobody emits',
  },
  {
    promise: 'pipelines run what is pinned, with the least permissions',
    to: '.github/workflows/security.yml',
    edit: (text) => text.replace(/actions\/checkout@\S+/, 'actions/checkout@v7'),
    offence: '.github/workflows/security.yml uses actions/checkout@v7, which is no commit',
  },
  {
    promise: 'pipelines run what is pinned, with the least permissions',
    to: '.github/workflows/security.yml',
    edit: (text) => text.replace(/@sha256:\S+/, ''),
    offence: '.github/workflows/security.yml runs hadolint/hadolint:v2.14.0-debian, which is no digest',
  },
  {
    promise: 'pipelines run what is pinned, with the least permissions',
    to: '.github/workflows/security.yml',
    edit: (text) => text.replace(/^permissions: \{\}$/m, 'permissions: write-all'),
    offence: '.github/workflows/security.yml does not begin with no permissions',
  },
  {
    promise: 'every tick of SECURITY.md has its check',
    to: 'SECURITY.md',
    edit: (text) => text.replace('`run-logs` |', '`run-by-magic` |'),
    offence: 'SECURITY.md ticks what scripts/audit.sh does not check: run-by-magic',
  },
  {
    promise: 'a file with another name is called by it',
    to: 'ops.mk',
    edit: (text) => text.replace('docker-compose.prod.yml', 'docker-compose.comicpile-prod.yml'),
    offence: 'ops.mk names docker-compose.comicpile-prod.yml, which is not ours here: print names.production',
  },
  {
    promise: 'every alert is explained and tested',
    to: 'monitoring/RUNBOOK.md',
    edit: (text) => text.replace('### SiteDown\n', '### SiteIsDown\n'),
    offence: 'the alert SiteDown has no entry in monitoring/RUNBOOK.md',
  },
  {
    promise: 'every alert is explained and tested',
    to: 'monitoring/RUNBOOK.md',
    edit: (text) => text.replace('### SlowAnswers\n', '### SlowReplies\n'),
    offence: 'monitoring/RUNBOOK.md explains SlowReplies, which is no alert',
  },
  {
    promise: 'every alert is explained and tested',
    to: 'monitoring/prometheus/tests/app.yml',
    edit: (text) => text.replaceAll('alertname: ServiceDown', 'alertname: RestartLoop'),
    offence: 'the alert ServiceDown has no test in monitoring/prometheus/tests',
  },
  {
    promise: 'every alert is explained and tested',
    to: 'monitoring/prometheus/rules/database.yml',
    edit: (text) => text.replace('severity: critical', 'severity: high'),
    offence: 'the alert DatabaseDown has no severity: critical, warning or none',
  },
  {
    promise: 'every alert is explained and tested',
    to: 'monitoring/prometheus/rules/backups.yml',
    edit: (text) => text.replace('RUNBOOK.md#backupfailed', 'RUNBOOK.md#backups'),
    offence: 'the alert BackupFailed does not say `runbook: monitoring/RUNBOOK.md#…`',
  },
  {
    promise: 'every nginx include is emitted',
    to: 'nginx/nginx.conf',
    edit: (text) => text.replace('/etc/nginx-monitoring/*.conf', '/etc/nginx-watching/*.conf'),
    offence: 'nginx/nginx.conf includes nginx//etc/nginx-watching/*.conf, which nobody emits',
  },
  {
    promise: 'every compose variable is set and required',
    to: 'docker-compose.monitoring.yml',
    edit: (text) => text.replace('${MONITORING_DB_PASSWORD:?is in .env.production}', '${MONITORING_PASSWORD:?}'),
    offence: 'docker-compose.monitoring.yml reads ${MONITORING_PASSWORD}, which .env.production does not set',
  },
  {
    promise: 'every bind mount is emitted',
    to: 'docker-compose.monitoring.yml',
    edit: (text) => text.replace('./monitoring/blackbox:', './monitoring/black-box:'),
    offence: 'docker-compose.monitoring.yml mounts ./monitoring/black-box, which nobody emits',
  },
  {
    promise: 'each service gets only its own secrets',
    to: 'docker-compose.monitoring.yml',
    edit: (text) => text.replace('${GRAFANA_ADMIN_PASSWORD:?', '${POSTGRES_PASSWORD:?'),
    offence: 'docker-compose.monitoring.yml gives POSTGRES_PASSWORD to grafana, which is not its own',
  },
  {
    promise: 'every service of production is hardened',
    to: 'docker-compose.monitoring.yml',
    edit: (text) => text.replace('  prometheus:\n', '$&    ports:\n      - "9090:9090"\n'),
    offence: 'docker-compose.monitoring.yml: prometheus publishes ports',
  },
  {
    promise: 'every service of production is hardened',
    to: 'docker-compose.monitoring.yml',
    edit: (text) => text.replace('  nginx:\n', '$&    user: "0:0"\n'),
    offence: 'docker-compose.monitoring.yml: nginx may only get volumes and networks here, not `user`',
  },
  {
    promise: 'every service of production is hardened',
    to: 'docker-compose.monitoring.yml',
    edit: (text) => text.replace('      - monitoring\n      - telemetry\n', '$&    pid: host\n'),
    offence: 'docker-compose.monitoring.yml: blackbox has `pid: host`',
  },
  {
    promise: 'every file is plain text as its tools expect it',
    to: 'Dockerfile',
    edit: (text) => text.replace('\n', '\r\n'),
    offence: 'Dockerfile has a carriage return',
  },
  {
    promise: 'every file is plain text as its tools expect it',
    to: 'scripts/backup.sh',
    edit: (text) => text.replace('#!', '#'),
    offence: 'scripts/backup.sh is a script without a shebang',
  },
];

describe('rules', () => {
  const stack = stackOf({ monitoring: 'on' });
  let files: readonly RenderedFile[];
  before(() => {
    files = renderAll(stack);
  });

  for (const promise of Object.keys(rules)) {
    it(`${promise}: kept by what we emit`, () => {
      assert.deepEqual(rules[promise]?.(files, stack), []);
      const usual = stackOf();
      assert.deepEqual(rules[promise]?.(renderAll(usual), usual), []);
    });
    it(`${promise}: has a bad file here`, () => assert.ok(bad.some((row) => row.promise === promise)));
  }
  for (const { promise, to, edit, offence } of bad) {
    it(`${promise}: ${offence}`, () => {
      const spoilt = spoil(files, to, edit);
      assert.notDeepEqual(spoilt, files, 'the edit changed nothing');
      assert.ok(rules[promise]?.(spoilt, stack).includes(offence), String(rules[promise]?.(spoilt, stack)));
    });
  }
  it('each service gets only its own secrets: as files too', () => {
    const inFiles = stackOf({ secrets: 'files' });
    const rendered = renderAll(inFiles);
    assert.deepEqual(rules['each service gets only its own secrets']?.(rendered, inFiles), []);
    const spoilt = spoil(rendered, 'docker-compose.prod.yml', (text) =>
      text.replace('      - db_password\n      - secret_key', '      - db_owner_password\n      - secret_key'),
    );
    assert.deepEqual(rules['each service gets only its own secrets']?.(spoilt, inFiles), [
      'docker-compose.prod.yml gives DB_OWNER_PASSWORD to app, which is not its own',
    ]);
  });
  it('pipelines run what is pinned: on GitLab too', () => {
    const onGitLab = stackOf({ ci: 'gitlab' });
    const rendered = renderAll(onGitLab);
    const promise = rules['pipelines run what is pinned, with the least permissions'];
    assert.deepEqual(promise?.(rendered, onGitLab), []);
    const spoilt = spoil(rendered, '.gitlab/ci/security.yml', (text) => text.replaceAll(/@sha256:[0-9a-f]{64}/g, ''));
    assert.deepEqual(
      promise?.(spoilt, onGitLab).map((offence) => / runs (\S+),/.exec(offence)?.[1]),
      ['docker:28.5.2-cli', 'node:24.18.0-bookworm-slim', 'hadolint/hadolint:v2.14.0-debian', 'docker:28.5.2-dind'],
    );
  });
  it('are all reported in one refusal', () => {
    const spoilt = bad.reduce<readonly RenderedFile[]>((all, { to, edit }) => spoil(all, to, edit), files);
    assert.throws(
      () => verify(spoilt, stack),
      ({ message }: Error) => Object.keys(rules).every((promise) => message.includes(`(promise: ${promise})`)),
    );
  });
});
