import type { Deployment } from '../deployment.ts';
import { superuser } from '../psql.ts';
import { must } from '../run.ts';
import type { Place } from './seed.ts';

/** The deployment that a mistake is made in; what it needs to be mended afterwards is kept beside it. */
export type Live = {
  readonly stack: Deployment;
  readonly place: Place;
  /** A folder before all others on PATH, for programs whose answer cannot be had otherwise. */
  readonly shadow: string;
};
export type LiveSeed = {
  readonly id: string;
  readonly evidence: RegExp;
  readonly also?: readonly string[];
  readonly make: (live: Live) => unknown;
};

const sql = (text: string): LiveSeed['make'] => {
  return ({ stack }) => superuser(stack, text, stack.project.replaceAll('-', '_'));
};
/** In the files here, and where nginx has them from. */
const openEdge = (place: Place, path: string, from: string | RegExp, to: string): void => {
  for (const folder of ['', 'releases/live/']) place.edit(folder + path, from, to);
};
const nothing = (): void => undefined;
const reload = ({ stack }: Live): Promise<unknown> => stack.compose('exec', '-T', 'nginx', 'nginx', '-s', 'reload');

/** A container that Docker counts to the project, as somebody would start it by hand. */
export const rogue = ({ stack }: Live): string => `${stack.project}-rogue`;
const startRogue = (live: Live): Promise<unknown> =>
  live.place.sh(`
    docker build --quiet --tag ${rogue(live)}:old --build-arg SOURCE_DATE_EPOCH=1700000000 - >/dev/null <<'DOCKERFILE'
FROM debian:trixie-slim
LABEL of=test
DOCKERFILE
    docker run --detach --name ${rogue(live)} --label com.docker.compose.project=${live.stack.project} \\
      --label com.docker.compose.service=app --label com.docker.compose.oneoff=False \\
      --user 0 --security-opt seccomp=unconfined --pid host --publish 127.0.0.1:0:9999 \\
      --volume /var/run/docker.sock:/var/run/docker.sock:ro --health-cmd false --health-interval 1s --health-retries 1 \\
      ${rogue(live)}:old sleep 600 >/dev/null
    docker run --detach --name ${rogue(live)}-again --label com.docker.compose.project=${live.stack.project} \\
      --label com.docker.compose.service=again --label com.docker.compose.oneoff=False --restart always \\
      --user 1:1 --cap-drop ALL --security-opt no-new-privileges --read-only --memory 64m --cpus 0.5 --pids-limit 20 --network none \\
      --log-driver local debian:trixie-slim sh -c 'sleep 0.2; exit 1' >/dev/null
    sleep 8`);

/** Faults of the running stack, in sets that go together: all of a set are made, the audit runs once, all is mended. */
export const liveSeeds: Readonly<Record<string, readonly LiveSeed[]>> = {
  'a container that was started by hand': [
    { id: 'run-user', evidence: /rogue: runs as root/, make: startRogue },
    { id: 'run-healthy', evidence: /rogue: unhealthy/, make: nothing },
    { id: 'run-capabilities', evidence: /rogue: CapDrop/, make: nothing },
    { id: 'run-no-new-privileges', evidence: /rogue: NoNewPrivs 0/, make: nothing },
    { id: 'run-seccomp', evidence: /rogue: unconfined/, make: nothing },
    { id: 'run-read-only', evidence: /rogue: its root file system/, make: nothing },
    { id: 'run-limits', evidence: /rogue: no limit of memory/, make: nothing },
    { id: 'run-privileged', evidence: /rogue: PidMode/, make: nothing },
    { id: 'run-socket', evidence: /rogue: \/(?:var\/)?run\/docker\.sock/, make: nothing },
    { id: 'run-ports', evidence: /rogue: 9999\/tcp/, make: nothing },
    { id: 'run-release', evidence: /rogue runs/, make: nothing },
    { id: 'run-image-age', evidence: /2023-11-14/, make: nothing },
    { id: 'run-restarts', evidence: /again: \d+ restarts/, make: nothing },
    { id: 'run-egress', evidence: /rogue is on bridge/, make: nothing },
    {
      id: 'host-egress',
      evidence: /INPUT does not begin with a jump/,
      make: ({ stack }) => stack.mustScript('firewall.sh', 'remove'),
    },
    {
      id: 'run-networks',
      evidence: /nginx and db are both on/,
      make: async ({ stack }) => {
        const { Id } = await stack.inspect('nginx');
        await must('docker', ['network', 'connect', `${stack.project}_backend`, Id]);
      },
    },
    {
      id: 'host-ports',
      evidence: /stranger: \d+/,
      make: ({ place, stack }) =>
        place.sh(
          `docker run --detach --name ${stack.project}-stranger --publish 0.0.0.0::9999 debian:trixie-slim sleep 600 >/dev/null`,
        ),
    },
  ],
  'the files say otherwise': [
    {
      id: 'run-services',
      evidence: /extra does not run/,
      make: ({ place }) =>
        place.edit(
          'docker-compose.prod.yml',
          /^networks:$/m,
          '  extra:\n    <<: *hardened\n    image: debian:12\n    user: "1:1"\n    restart: unless-stopped\n    command: ["sleep", "1"]\n    networks: [edge]\n    healthcheck:\n      test: ["CMD", "true"]\n    deploy:\n      resources:\n        limits:\n          cpus: "0.10"\n          memory: 16M\n          pids: 5\nnetworks:',
        ),
    },
    {
      id: 'run-current',
      evidence: /nginx-1 runs with other settings/,
      make: ({ place }) => place.edit('releases/live/docker-compose.prod.yml', 'memory: 256M', 'memory: 255M'),
    },
    {
      id: 'backup',
      evidence: /it failed at/,
      make: ({ place }) => place.append('backups/status', 'backup failed 20990101T000000Z dump\n'),
    },
    {
      id: 'drill',
      evidence: /last at 20260101T000000Z/,
      make: ({ place }) => place.append('backups/status', 'drill ok 20260101T000000Z some.dump\n'),
    },
    {
      id: 'backup-verified',
      evidence: /does not fit its checksum/,
      make: ({ place }) => place.sh('printf x >>"$(ls backups/*.dump | tail -n 1)"'),
    },
    {
      id: 'backup-encrypted',
      evidence: /as they are/,
      make: ({ place }) => place.append('.env.production', 'BACKUP_RCLONE_REMOTE=far:backups\n'),
    },
    {
      id: 'rollback',
      evidence: /its image is gone/,
      make: ({ place }) => place.append('audit.log', '2026-01-01T00:00:00Z deploy ok by=x release=1\n'),
    },
    {
      id: 'cert-served',
      evidence: /nginx serves another one/,
      make: ({ place }) =>
        place.sh(
          'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 60 -subj /CN=app.example.test -addext subjectAltName=DNS:app.example.test -keyout new.key -out new.pem 2>/dev/null; cat new.key >ssl/privkey.pem; cat new.pem >ssl/fullchain.pem; rm new.key new.pem',
        ),
      also: [
        'cert-ca',
        'out-health',
        'out-headers',
        'out-headers-errors',
        'out-limits',
        'out-old-tls',
        'out-weak-ciphers',
        'out-security-txt',
      ],
    },
  ],
  'an older deployment': [
    {
      id: 'rotation-age',
      evidence: /SECRET_KEY: \d+ days ago/,
      make: ({ place, shadow }) =>
        place.sh(`cat >${shadow}/docker <<'SH'
#!/usr/bin/env bash
if [[ "$*" == 'volume inspect --format {{.CreatedAt}} '* ]]; then echo 2025-01-01T00:00:00Z; else PATH=\${PATH#*:} exec docker "$@"; fi
SH
chmod +x ${shadow}/docker; mv backups/status backups/status.was; mv audit.log audit.log.was`),
    },
    { id: 'backup', evidence: /never, and there is a database for/, make: nothing },
    { id: 'drill', evidence: /never, and there is a database for/, make: nothing },
    { id: 'backup-away', evidence: /nothing in \.env\.production/, make: nothing },
    { id: 'review', evidence: /never/, make: nothing },
    { id: 'scan-image', evidence: /never, and it has been deployed/, make: nothing },
    { id: 'scan-base', evidence: /never/, make: nothing },
    { id: 'scan-dependencies', evidence: /never/, make: nothing },
    { id: 'scan-secrets', evidence: /never/, make: nothing },
    { id: 'audit-log', evidence: /no audit\.log/, make: nothing },
    {
      id: 'dns',
      evidence: /leads to 203\.0\.113\.9/,
      make: ({ place, shadow }) =>
        place.sh(`printf '#!/bin/sh\\necho "203.0.113.9 STREAM x"\\n' >${shadow}/getent
printf '#!/bin/sh\\necho 198.51.100.1\\n' >${shadow}/hostname; chmod +x ${shadow}/getent ${shadow}/hostname`),
    },
    {
      id: 'host-disk',
      evidence: /97 %/,
      make: ({ place, shadow }) =>
        place.sh(
          `printf '#!/bin/sh\\necho "Filesystem 1024-blocks Used Available Capacity Mounted on"; echo "/dev/sda1 100 97 3 97%% /"\\n' >${shadow}/df; chmod +x ${shadow}/df`,
        ),
    },
  ],
  'the edge is opened': [
    {
      id: 'out-headers',
      also: ['edge-frame', 'out-headers-errors'],
      evidence: /no X-Frame-Options/,
      make: ({ place }) =>
        openEdge(place, 'nginx/snippets/security-headers.conf', /^add_header X-Frame-Options .*\n/m, ''),
    },
    {
      id: 'out-headers-errors',
      also: ['edge-nosniff'],
      evidence: /no X-Content-Type-Options/,
      make: ({ place }) => openEdge(place, 'nginx/snippets/security-headers.conf', '"nosniff" always', '"nosniff"'),
    },
    {
      id: 'out-version',
      also: ['edge-version'],
      evidence: /server: nginx\/1/,
      make: ({ place }) => openEdge(place, 'nginx/snippets/clients.conf', 'server_tokens off', 'server_tokens on'),
    },
    {
      id: 'out-redirect',
      also: ['edge-redirect'],
      evidence: /http:\/\/elsewhere/,
      make: ({ place }) =>
        openEdge(place, 'nginx/sites/http.conf', /return 301 https:\S+/, 'return 301 http://elsewhere$request_uri;'),
    },
    {
      id: 'out-forged-host',
      also: ['edge-unknown'],
      evidence: /forged-http: status 200/,
      make: ({ place }) => openEdge(place, 'nginx/sites/unknown-names.conf', 'return 444;', 'return 200 hello;'),
    },
    {
      id: 'out-docs',
      also: ['edge-docs'],
      evidence: /docs got 200/,
      make: ({ place }) =>
        openEdge(
          place,
          'nginx/snippets/closed-paths.conf',
          /(?<=openapi\\\.json.*\{\n {4})return 404/,
          'return 200 docs',
        ),
    },
    {
      id: 'out-old-tls',
      also: ['edge-tls', 'edge-ciphers'],
      evidence: /went well/,
      make: ({ place }) => {
        openEdge(place, 'nginx/snippets/tls.conf', 'TLSv1.2', 'TLSv1.1 TLSv1.2');
        openEdge(place, 'nginx/snippets/tls.conf', /^ssl_ciphers .*/m, 'ssl_ciphers DEFAULT:@SECLEVEL=0;');
      },
    },
    { id: 'out-weak-ciphers', evidence: /AES128-SHA or the like went well/, make: nothing },
    {
      id: 'out-limits',
      also: ['edge-limit-all'],
      evidence: /none of \d+ requests/,
      make: async (live) => {
        openEdge(live.place, 'nginx/snippets/rate-limits.conf', /^limit_req zone=.*\n/gm, '');
        openEdge(live.place, 'nginx/snippets/rate-limits.conf', /^limit_conn addr .*\n/m, 'limit_conn addr 1000;\n');
        await reload(live);
      },
    },
  ],
  'dotfiles, and an app that is down': [
    {
      id: 'out-dotfiles',
      also: ['edge-limit-all'],
      evidence: /\.env got 200/,
      make: async (live) => {
        openEdge(live.place, 'nginx/snippets/closed-paths.conf', 'return 404', 'return 200 open');
        await reload(live);
      },
    },
    {
      id: 'out-health',
      also: ['run-services', 'run-healthy', 'db-pools'],
      evidence: /status 50[234]/,
      make: ({ stack }) => stack.compose('stop', '--timeout', '3', 'app'),
    },
  ],
  'the database is opened': [
    { id: 'db-role', evidence: /one of these rights/, make: sql('ALTER ROLE keeper CREATEDB') },
    {
      id: 'db-superuser',
      evidence: /more/,
      make: sql("CREATE ROLE second SUPERUSER LOGIN PASSWORD 'md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"),
    },
    { id: 'db-hash', evidence: /MD5/, make: nothing },
    {
      id: 'db-public',
      evidence: /PUBLIC/,
      make: ({ stack }) =>
        superuser(stack, `GRANT CONNECT ON DATABASE ${stack.project.replaceAll('-', '_')} TO PUBLIC`),
    },
    { id: 'db-schema', evidence: /may create/, make: sql('GRANT CREATE ON SCHEMA public TO keeper') },
    { id: 'db-spare', also: ['db-pools'], evidence: /no limit/, make: sql('ALTER ROLE keeper CONNECTION LIMIT -1') },
    {
      id: 'db-login',
      evidence: /otherwise/,
      make: async ({ place, stack }) => {
        for (const folder of ['', 'releases/live/']) {
          place.append(`${folder}db/conf/pg_hba.conf`, 'host all all 10.9.9.9/32 trust\n');
          place.edit(`${folder}db/conf/pg_hba.conf`, /^(?=host )/m, 'host all postgres samenet scram-sha-256\n');
        }
        await superuser(stack, 'SELECT pg_reload_conf()');
      },
    },
    { id: 'db-superuser-remote', evidence: /asks for its password/, make: nothing },
    {
      id: 'db-hba',
      evidence: /samenet scram-sha-256: the superuser, to every database; .*10\.9\.9\.9.*: whoever has a role, from/,
      make: nothing,
    },
    {
      id: 'db-settings',
      evidence: /^set, and not by us: keeper statement_timeout=1ms; not set: keeper statement_timeout=60s$/,
      make: sql("ALTER ROLE keeper SET statement_timeout = '1ms'"),
    },
    {
      id: 'db-code',
      evidence: /functions in sql, temporary tables/,
      make: ({ stack }) => {
        const name = stack.project.replaceAll('-', '_');
        return superuser(
          stack,
          `GRANT USAGE ON LANGUAGE sql TO PUBLIC; GRANT TEMP ON DATABASE ${name} TO keeper`,
          name,
        );
      },
    },
    { id: 'db-large-objects', evidence: /lo_create/, make: sql('GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC') },
    {
      id: 'db-versions',
      evidence: /table of versions|alembic_version/,
      make: sql(
        'ALTER EVENT TRIGGER comicpile_close_version_tables DISABLE; GRANT UPDATE (version_num) ON alembic_version TO keeper',
      ),
    },
  ],
  'the database without what it should do by itself': [
    {
      id: 'db-checksums',
      evidence: /off/,
      make: async ({ place, stack }) => {
        place.edit('docker-compose.prod.yml', 'log_disconnections=on', 'log_disconnections=off');
        place.edit(
          'docker-compose.prod.yml',
          'idle_in_transaction_session_timeout=60s',
          'idle_in_transaction_session_timeout=0',
        );
        await stack.compose('stop', 'db');
        await stack.compose(
          'run',
          '--rm',
          '--no-deps',
          '-T',
          '--entrypoint',
          'pg_checksums',
          'db',
          '--disable',
          '--pgdata',
          '/var/lib/postgresql/data',
        );
        await stack.compose('up', '-d', '--wait', '--no-deps', 'db');
      },
    },
    { id: 'db-logged', evidence: /off/, make: nothing },
    { id: 'db-idle', evidence: /is 0/, make: nothing },
    { id: 'db-pools', evidence: /\d+ of 10/, make: sql('ALTER ROLE keeper CONNECTION LIMIT 10') },
    {
      id: 'db-used',
      evidence: /are taken/,
      make: async ({ stack }) => {
        const loop =
          'for i in $(seq 52); do psql -XqAt -U postgres -c "SELECT pg_sleep(60)" >/dev/null 2>&1 & done; sleep 5';
        await stack.compose('exec', '-d', 'db', 'sh', '-c', loop);
        await stack.inside('db', ['sleep', '3']);
      },
    },
  ],
};
