import type { Seed } from './seed.ts';

const commit = `git -c user.name=seed -c user.email=seed@example.test commit --quiet --message seed`;
const sarif = (rule: string): string => JSON.stringify({ version: '2.1.0', runs: [{ results: [{ ruleId: rule }] }] });
const headers = 'nginx/snippets/security-headers.conf';
const without = (header: string): Seed['make'] => {
  return (place) => place.edit(headers, new RegExp(`^add_header ${header} .*\\n`, 'm'), '');
};
const pair = (days: number, names: string, key = '-newkey ec -pkeyopt ec_paramgen_curve:P-256'): string =>
  `openssl req -x509 ${key} -nodes -days ${days} -subj /CN=${names} -addext subjectAltName=DNS:${names} -keyout ssl/privkey.pem -out ssl/fullchain.pem 2>/dev/null; chmod 640 ssl/privkey.pem; chgrp 101 ssl/privkey.pem`;

/** Mistakes in the files of a project, in sets that go together: a copy of the project has all of its set. */
export const fileSeeds: Readonly<Record<string, readonly Seed[]>> = {
  'secrets, git and the image': [
    { id: 'env-mode', evidence: /mode 644/, make: (place) => place.sh('chmod 644 .env.production') },
    {
      id: 'env-app',
      evidence: /MAIL_HOST is missing/,
      // As for an app of which detection has found that it needs one.
      make: (place) => place.edit('scripts/audit.sh', "expect required ''", "expect required 'MAIL_HOST'"),
    },
    {
      id: 'secrets-in-files',
      evidence: /app\/leak\.py/,
      make: (place) => place.write('app/leak.py', `TOKEN = "${place.env('SECRET_KEY')}"\n`),
    },
    { id: 'secrets-mode', evidence: /audit\.log has 644/, make: (place) => place.sh('chmod 644 audit.log') },
    {
      id: 'rotation-finished',
      evidence: /began at 2026-01-01/,
      make: (place) => place.write('rotation.log', '2026-01-01T00:00:00Z started DB_PASSWORD\n'),
    },
    {
      id: 'git-ignores',
      evidence: /incident\/any\.tar\.gz could be/,
      make: (place) => place.edit('.gitignore', 'incident/\n', ''),
    },
    {
      id: 'git-tracked',
      evidence: /^old\.dump$/,
      make: (place) => place.sh('echo data >old.dump; git add --force old.dump'),
    },
    {
      id: 'git-history-files',
      evidence: /db_export\.json/,
      make: (place) =>
        place.sh(
          `echo '{}' >db_export.json; git add db_export.json; ${commit}; git rm --quiet db_export.json; ${commit}`,
        ),
      // old.dump is committed with it.
    },
    {
      id: 'git-history-values',
      evidence: /have one/,
      make: async (place) => {
        place.write('notes.txt', `the key is ${place.env('DB_PASSWORD')}\n`);
        await place.sh(`git add notes.txt; ${commit}; git rm --quiet notes.txt; ${commit}`);
      },
    },
    {
      id: 'build-context',
      evidence: /ssl\/privkey\.pem/,
      make: (place) => place.edit('.dockerignore', /^ssl\n\*\*\/\*\.pem\n/m, ''),
    },
    {
      id: 'image-user',
      evidence: /USER appuser: not by number/,
      make: (place) => place.edit('Dockerfile', /USER 10001:10001(?![\s\S]*USER)/, 'USER appuser'),
    },
    {
      id: 'image-slim',
      evidence: /^python:3\.13$/,
      make: (place) => place.edit('Dockerfile', 'FROM python:3.13-slim AS runtime', 'FROM python:3.13 AS runtime'),
    },
    {
      id: 'image-version',
      evidence: /uv:latest/,
      make: (place) => place.edit('Dockerfile', /(?<=astral-sh\/uv):\S+/, ':latest'),
    },
    {
      id: 'image-health',
      evidence: /no HEALTHCHECK/,
      make: (place) => place.edit('Dockerfile', /^HEALTHCHECK .*\\\n.*\n/m, ''),
    },
    {
      id: 'image-copies',
      evidence: /COPY --chmod=0755 \. \./,
      make: (place) => place.edit('Dockerfile', 'COPY --chmod=0755 app ./app', 'COPY --chmod=0755 . .'),
    },
    {
      id: 'image-secrets',
      evidence: /API_TOKEN/,
      make: (place) =>
        place.edit('Dockerfile', /(?=^EXPOSE 8000\n\nHEALTHCHECK|^EXPOSE 8000\n\n[^C])/m, 'ENV API_TOKEN=abc\n'),
    },
    {
      id: 'image-packages',
      evidence: /apt-get install -y curl/,
      make: (place) => place.edit('Dockerfile', /(?<=AS runtime\n)/, 'RUN apt-get update && apt-get install -y curl\n'),
    },
    {
      id: 'image-installer',
      evidence: /--reload/,
      make: (place) => place.edit('Dockerfile', '"--no-access-log"]', '"--no-access-log", "--reload"]'),
    },
    {
      id: 'image-code-owner',
      evidence: /chown -R appuser/,
      make: (place) => place.edit('Dockerfile', /(?<=AS runtime\n)/, 'RUN chown -R appuser /app\n'),
    },
    {
      id: 'image-login',
      evidence: /bin\/bash/,
      make: (place) => place.edit('Dockerfile', '/usr/sbin/nologin', '/bin/bash'),
    },
    {
      id: 'image-proxy',
      evidence: /--forwarded-allow-ips \*/,
      make: (place) => place.edit('Dockerfile', /"--forwarded-allow-ips", "[^"]*"/, '"--forwarded-allow-ips", "*"'),
    },
  ],
  'an image in one stage, a key for all': [
    {
      id: 'image-stages',
      evidence: /one stage/,
      make: (place) =>
        place.write(
          'Dockerfile',
          'FROM python:3.13-slim\nCOPY app ./app\nUSER 10001:10001\nHEALTHCHECK CMD ["true"]\nCMD ["python", "serve.py", "--forwarded-allow-ips", "10.0.0.0/8"]\n',
        ),
    },
    {
      id: 'secrets-strong',
      evidence: /SECRET_KEY is shorter/,
      make: (place) => place.edit('.env.production', /^SECRET_KEY=.*/m, 'SECRET_KEY=short-key-9x'),
    },
    {
      id: 'secrets-dev-differ',
      also: ['secrets-in-files', 'secrets-strong'],
      evidence: /docker-compose\.yml/,
      make: (place) => place.append('docker-compose.yml', `# ${place.env('DB_PASSWORD')}\n`),
    },
    {
      id: 'env-complete',
      also: ['compose-valid'],
      evidence: /HTTPS_PORT has no value/,
      make: (place) => place.edit('.env.production', /^HTTPS_PORT=.*/m, 'HTTPS_PORT='),
    },
    {
      id: 'edge-env-domain',
      evidence: /other\.example is none of/,
      make: (place) => place.edit('.env.production', /^DOMAIN=.*/m, 'DOMAIN=other.example'),
    },
  ],
  'a compose file that is none': [
    {
      id: 'compose-valid',
      evidence: /nonsense/,
      make: (place) => place.service('db', 'nonsense: yes'),
    },
  ],
  services: [
    {
      id: 'compose-required',
      evidence: /HTTP_PORT may be empty/,
      make: (place) => place.edit('docker-compose.prod.yml', '${HTTP_PORT:?is in .env.production}', '${HTTP_PORT}'),
    },
    { id: 'svc-published', evidence: /^db$/, make: (place) => place.service('db', 'ports: ["127.0.0.1:5432:5432"]') },
    {
      id: 'svc-db-internal',
      evidence: /backend leads outside/,
      make: (place) =>
        place.edit('docker-compose.prod.yml', '  backend:\n    internal: true', '  backend:\n    internal: false'),
    },
    { id: 'svc-egress', evidence: /app: backend leads outside/, make: () => undefined },
    {
      id: 'svc-nginx-apart',
      evidence: /^backend$/,
      make: (place) => place.inService('nginx', '      - edge\n', '      - edge\n      - backend\n'),
    },
    { id: 'svc-user', evidence: /^app$/, make: (place) => place.inService('app', 'user: "10001:10001"', 'user: root') },
    { id: 'svc-read-only', evidence: /^db$/, make: (place) => place.service('db', 'read_only: false') },
    { id: 'svc-capabilities', evidence: /^app$/, make: (place) => place.service('app', 'cap_add: [NET_ADMIN]') },
    {
      id: 'svc-no-new-privileges',
      evidence: /^db$/,
      make: (place) => place.service('db', 'security_opt: ["label:type:db_t"]'),
    },
    {
      id: 'svc-confined',
      evidence: /^app$/,
      make: (place) => place.service('app', 'security_opt: ["no-new-privileges:true", "seccomp:unconfined"]'),
    },
    { id: 'svc-privileged', evidence: /^nginx$/, make: (place) => place.service('nginx', 'pid: host') },
    {
      id: 'svc-socket',
      evidence: /^nginx$/,
      make: (place) =>
        place.inService('nginx', 'volumes:\n', 'volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n'),
    },
    {
      id: 'svc-mounts',
      evidence: /^db$/,
      make: (place) => place.inService('db', /volumes:\n/, 'volumes:\n      - /etc:/host/etc\n'),
    },
    { id: 'svc-memory', evidence: /^nginx$/, make: (place) => place.inService('nginx', /^ {10}memory: .*\n/m, '') },
    { id: 'svc-cpus', evidence: /^app$/, make: (place) => place.inService('app', /^ {10}cpus: .*\n/m, '') },
    { id: 'svc-pids', evidence: /^db$/, make: (place) => place.inService('db', /^ {10}pids: .*\n/m, '') },
    { id: 'svc-logs', evidence: /^app$/, make: (place) => place.service('app', 'logging: { driver: json-file }') },
    {
      id: 'svc-version',
      evidence: /^certbot$/,
      make: (place) => place.edit('docker-compose.prod.yml', /(?<=image: certbot\/certbot):\S+/, ':latest'),
    },
    {
      id: 'svc-health',
      evidence: /^nginx$/,
      make: (place) => place.inService('nginx', /healthcheck:\n(?: {6}.*\n)+/, 'healthcheck:\n      disable: true\n'),
    },
    {
      id: 'svc-restart',
      evidence: /^db$/,
      make: (place) => place.inService('db', /^ {4}restart: unless-stopped\n/m, ''),
    },
    {
      id: 'svc-order',
      evidence: /^app$/,
      make: (place) => place.inService('app', 'condition: service_healthy', 'condition: service_started'),
    },
    { id: 'svc-names', evidence: /^db$/, make: (place) => place.service('db', 'container_name: the-database') },
    {
      id: 'svc-secrets',
      evidence: /MAIL_PASSWORD of app/,
      make: (place) => place.inService('app', 'environment:\n', 'environment:\n      MAIL_PASSWORD: placeholder\n'),
    },
    {
      id: 'svc-superuser',
      evidence: /superuser/,
      make: (place) => place.inService('app', 'DB_PASSWORD: ${DB_PASSWORD:', 'DB_PASSWORD: ${POSTGRES_PASSWORD:'),
    },
    {
      id: 'dev-loopback',
      evidence: /app: 8000:8000|app: 8000/,
      make: (place) => place.edit('docker-compose.yml', '"127.0.0.1:8000:8000"', '"8000:8000"'),
    },
    {
      id: 'dev-reload',
      evidence: /^app$/,
      make: (place) =>
        place.edit(
          'docker-compose.yml',
          /(?<=^ {2}app:\n)/m,
          '    command: uvicorn app.main:app --workers 4 --reload\n',
        ),
    },
  ],
  'the edge': [
    {
      id: 'edge-valid',
      evidence: /nonsense/,
      make: (place) => place.append('nginx/snippets/tls.conf', 'nonsense on;\n'),
    },
    {
      id: 'edge-names',
      evidence: /app\.example\.test is not served/,
      make: (place) => place.edit('nginx/sites/site.conf', /server_name [^;]*;/, 'server_name other.example;'),
    },
    {
      id: 'edge-unknown',
      evidence: /on port 8080 any name/,
      make: (place) => place.edit('nginx/sites/unknown-names.conf', 'return 444;', 'root /srv;'),
    },
    {
      id: 'edge-redirect',
      evidence: /\$host/,
      make: (place) =>
        place.edit('nginx/sites/http.conf', /return 301 https:\S+/, 'return 301 https://$host$request_uri;'),
    },
    {
      id: 'edge-tls',
      evidence: /TLSv1\.1/,
      make: (place) => place.edit('nginx/snippets/tls.conf', 'TLSv1.2', 'TLSv1.1 TLSv1.2'),
    },
    {
      id: 'edge-ciphers',
      evidence: /^AES128-SHA$/,
      make: (place) => place.edit('nginx/snippets/tls.conf', /(?<=^ssl_ciphers )/m, 'AES128-SHA:'),
    },
    {
      id: 'edge-cipher-order',
      evidence: /ssl_prefer_server_ciphers on/,
      make: (place) =>
        place.edit('nginx/snippets/tls.conf', 'ssl_prefer_server_ciphers off', 'ssl_prefer_server_ciphers on'),
    },
    {
      id: 'edge-tickets',
      evidence: /not off/,
      make: (place) => place.edit('nginx/snippets/tls.conf', 'ssl_session_tickets off', 'ssl_session_tickets on'),
    },
    {
      id: 'edge-hsts',
      evidence: /max-age=300\b/,
      make: (place) => place.edit('nginx/snippets/header-values.conf', 'max-age=31536000', 'max-age=300'),
    },
    { id: 'edge-frame', evidence: /none/, make: without('X-Frame-Options') },
    {
      id: 'edge-nosniff',
      evidence: /not with errors/,
      make: (place) => place.edit(headers, '"nosniff" always', '"nosniff"'),
    },
    { id: 'edge-xss', evidence: /none/, make: without('X-XSS-Protection') },
    {
      id: 'edge-referrer',
      evidence: /unsafe-url/,
      make: (place) => place.edit(headers, 'strict-origin-when-cross-origin', 'unsafe-url'),
    },
    { id: 'edge-permissions', evidence: /none/, make: without('Permissions-Policy') },
    {
      id: 'edge-csp',
      evidence: /scripts from everywhere/,
      make: (place) => place.edit(headers, "script-src 'self'", "script-src 'self' 'unsafe-eval'"),
    },
    {
      id: 'edge-headers-kept',
      evidence: /X-Extra/,
      make: (place) =>
        place.edit('nginx/sites/site.conf', /(?<=location \/ \{\n)/, '        add_header X-Extra yes;\n'),
    },
    {
      id: 'edge-version',
      evidence: /not off/,
      make: (place) => place.edit('nginx/snippets/clients.conf', 'server_tokens off', 'server_tokens on'),
    },
    {
      id: 'edge-limit-all',
      evidence: /only some locations/,
      make: (place) => place.edit('nginx/snippets/rate-limits.conf', /^limit_req zone=.*\n/gm, ''),
    },
    {
      id: 'edge-limit-status',
      evidence: /limit_req_status +503|503/,
      make: (place) => place.edit('nginx/snippets/rate-limits.conf', /limit_req_status +429/, 'limit_req_status 503'),
    },
    {
      id: 'edge-limit-enforced',
      evidence: /on trial/,
      make: (place) => place.append('nginx/snippets/rate-limits.conf', 'limit_req_dry_run on;\n'),
    },
    {
      id: 'edge-connections',
      evidence: /no limit_conn/,
      make: (place) => place.edit('nginx/snippets/rate-limits.conf', /^limit_conn addr .*\n/m, ''),
    },
    {
      id: 'edge-forwarded',
      evidence: /proxy_add_x_forwarded_for/,
      make: (place) =>
        place.edit(
          'nginx/snippets/proxy.conf',
          /X-Forwarded-For +\$remote_addr/,
          'X-Forwarded-For $proxy_add_x_forwarded_for',
        ),
    },
    {
      id: 'edge-health',
      evidence: /return 200/,
      make: (place) =>
        place.edit('nginx/sites/site.conf', /(?<=location = \/health \{\n)/, '        return 200 healthy;\n'),
    },
    {
      id: 'edge-upgrade',
      evidence: /Connection upgrade/,
      make: (place) => place.edit('nginx/snippets/proxy.conf', /Connection \$proxy_connection/, 'Connection upgrade'),
    },
    {
      id: 'edge-http2',
      evidence: /in the listen line/,
      make: (place) => place.edit('nginx/sites/site.conf', 'listen 8443 ssl', 'listen 8443 ssl http2'),
    },
    {
      id: 'edge-timeouts',
      evidence: /no client_body_timeout/,
      make: (place) => place.edit('nginx/snippets/clients.conf', /^client_body_timeout.*\n/m, ''),
    },
    {
      id: 'edge-app-timeouts',
      evidence: /no proxy_connect_timeout/,
      make: (place) => place.edit('nginx/snippets/proxy.conf', /^proxy_connect_timeout.*\n/m, ''),
    },
    {
      id: 'edge-body',
      evidence: /client_max_body_size 0/,
      make: (place) =>
        place.edit('nginx/snippets/clients.conf', /client_max_body_size +\S+;/, 'client_max_body_size 0;'),
    },
    {
      id: 'edge-acme',
      evidence: /no place/,
      make: (place) =>
        place.edit(
          'nginx/sites/http.conf',
          'location ^~ /.well-known/acme-challenge/',
          'location ^~ /.well-known/other/',
        ),
    },
    {
      id: 'edge-docs',
      evidence: /go to the app/,
      make: (place) => place.edit('nginx/snippets/closed-paths.conf', 'openapi\\.json', 'other\\.json'),
    },
    {
      id: 'edge-dotfiles',
      evidence: /like any file/,
      make: (place) => place.edit('nginx/snippets/closed-paths.conf', /location ~ \(\?s\).*well-known.*\n.*\n\}/, ''),
    },
    {
      id: 'edge-log',
      evidence: /http_referer/,
      make: (place) =>
        place.edit('nginx/snippets/logging.conf', '"user_agent"', `"referer":"$http_referer","user_agent"`),
    },
    {
      id: 'edge-cache',
      evidence: /proxy\.conf/,
      make: (place) => place.append('nginx/snippets/proxy.conf', 'proxy_cache_valid 200 1d;\n'),
    },
    {
      id: 'edge-resolve',
      evidence: /resolve without a zone/,
      make: (place) => place.edit('nginx/snippets/proxy.conf', '    zone app 64k;\n', ''),
    },
    {
      id: 'edge-listing',
      evidence: /files\.conf/,
      make: (place) => place.append('nginx/snippets/files.conf', 'autoindex on;\n'),
    },
  ],
  'rate limits': [
    {
      id: 'edge-limit-zones',
      also: ['edge-valid'],
      evidence: /no rate/,
      make: (place) => place.edit('nginx/snippets/rate-limits.conf', / rate=10r\/s/, ''),
    },
  ],
  'one rate': [
    {
      id: 'edge-limit-all',
      evidence: /closed-paths\.conf:\d+: `return 404 no` answers before any limit/,
      make: (place) => place.edit('nginx/snippets/closed-paths.conf', 'return 404;', 'return 404 no;'),
    },
    {
      id: 'edge-limit-login',
      evidence: /one rate/,
      make: (place) => place.edit('nginx/snippets/rate-limits.conf', / rate=\S+;/g, ' rate=10r/s;'),
    },
  ],
  'a certificate of one week': [
    {
      id: 'cert-days',
      also: ['cert-names', 'cert-ca'],
      evidence: /^[56] days are left/,
      make: (place) => place.sh(pair(6, 'other.example')),
    },
    { id: 'cert-names', evidence: /not for app\.example\.test/, make: () => undefined },
    { id: 'cert-ca', evidence: /self-signed/, make: () => undefined },
    {
      id: 'cert-key-mode',
      evidence: /644/,
      make: (place) => place.sh('chmod 644 ssl/privkey.pem'),
    },
  ],
  'a key of yesterday': [
    {
      id: 'cert-strength',
      also: ['cert-ca', 'edge-valid'],
      evidence: /1024 bits/,
      make: (place) => place.sh(pair(60, 'app.example.test', '-newkey rsa:1024')),
    },
  ],
  'a key of another certificate': [
    {
      id: 'cert-key',
      also: ['edge-valid'],
      evidence: /another one/,
      make: (place) =>
        place.sh(
          'openssl ecparam -name prime256v1 -genkey -noout -out ssl/privkey.pem; chmod 640 ssl/privkey.pem; chgrp 101 ssl/privkey.pem',
        ),
    },
    {
      id: 'cert-chain',
      evidence: /not issued by certificate 2/,
      make: (place) =>
        place.sh(
          'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=stranger -keyout /dev/null 2>/dev/null >stranger.pem; sed -n "1,/END/p" ssl/fullchain.pem >leaf.pem; cat leaf.pem stranger.pem >ssl/fullchain.pem; rm leaf.pem stranger.pem',
        ),
    },
  ],
  'scripts and the supply chain': [
    {
      id: 'scripts-strict',
      evidence: /scripts\/scan\.sh/,
      make: (place) => place.edit('scripts/scan.sh', 'set -euo pipefail\n', ''),
    },
    {
      id: 'scripts-backup',
      evidence: /errors go into the dump/,
      make: (place) => place.append('scripts/backup.sh', 'pg_dump --verbose 2>&1 | gzip >all.gz\n'),
    },
    {
      id: 'scripts-backup-closed',
      evidence: /anyone may read/,
      make: (place) => place.edit('scripts/lib.sh', 'umask 077\n', ''),
    },
    {
      id: 'scripts-restore',
      evidence: /pg_restore goes on/,
      make: (place) =>
        place.edit('scripts/restore.sh', 'pg_restore --exit-on-error --single-transaction', 'pg_restore'),
    },
    {
      id: 'scripts-rollback',
      evidence: /downgrade base/,
      make: (place) => place.append('scripts/rollback.sh', 'compose run app alembic downgrade base\n'),
    },
    {
      id: 'scripts-compose',
      evidence: /maintenance\.sh/,
      make: (place) => place.append('scripts/maintenance.sh', 'docker-compose up -d\n'),
    },
    { id: 'scripts-there', evidence: /none for evidence/, make: (place) => place.sh('rm scripts/evidence.sh') },
    { id: 'drift', evidence: /ops\.mk is edited/, make: (place) => place.append('ops.mk', '# mine\n') },
    {
      id: 'security-md',
      evidence: /run-by-magic/,
      make: (place) => place.edit('SECURITY.md', '`run-logs` |', '`run-by-magic` |'),
    },
    {
      id: 'updates',
      evidence: /neither/,
      make: (place) => place.sh('rm .github/dependabot.yml'),
    },
    {
      id: 'images-digest',
      evidence: /python:3\.13-slim/,
      make: (place) =>
        place.write(
          '.comicpile/images.json',
          `{ "python:3.13-slim": { "digest": "sha256:${'0'.repeat(64)}", "resolved": "2026-01-01" } }\n`,
        ),
    },
    { id: 'images-age', evidence: /days$/, make: () => undefined },
    {
      id: 'scan-image',
      evidence: /1 findings, as CVE-2026-1/,
      make: (place) => place.write('scan-results/image.sarif', sarif('CVE-2026-1')),
    },
    {
      id: 'scan-base',
      evidence: /CVE-2026-2/,
      make: (place) => place.write('scan-results/base-python-3.13.sarif', sarif('CVE-2026-2')),
    },
    {
      id: 'scan-dependencies',
      evidence: /days old/,
      make: async (place) => {
        place.write('scan-results/dependencies.sarif', JSON.stringify({ runs: [{ results: [] }] }));
        await place.sh('touch -d "20 days ago" scan-results/dependencies.sarif');
      },
    },
    {
      id: 'scan-secrets',
      evidence: /cannot be read/,
      make: (place) => place.write('scan-results/secrets-tree.sarif', 'not JSON'),
    },
    {
      id: 'review',
      evidence: /last on 2026-01-05/,
      make: (place) => place.write('SECURITY-REVIEWS.md', '- 2026-01-05 Ada: nothing found\n'),
    },
    {
      id: 'ci',
      evidence: /no workflow does/,
      make: (place) => place.sh('rm -rf .github/workflows .gitlab-ci.yml .gitlab'),
    },
    {
      id: 'pre-commit',
      evidence: /no hook/,
      make: (place) => place.sh('rm -f .pre-commit-config.yaml'),
    },
    {
      id: 'ci-pinned',
      evidence: /actions\/checkout@v4/,
      make: (place) =>
        place.write(
          '.github/workflows/other.yml',
          'on: push\njobs:\n  one:\n    steps:\n      - uses: actions/checkout@v4\n',
        ),
    },
    {
      id: 'contact',
      evidence: /no section with an address/,
      make: (place) => place.edit('SECURITY.md', '## Reporting a vulnerability', '## Whom to tell'),
    },
    { id: 'ci-permissions', evidence: /other\.yml/, make: () => undefined },
  ],
};
