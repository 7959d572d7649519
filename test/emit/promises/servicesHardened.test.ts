import assert from 'node:assert/strict';
import { filesRead } from '../../../src/emit/promises/filesRead.ts';
import { servicesHardened } from '../../../src/emit/promises/servicesHardened.ts';
import { spoil } from '../../fixture.ts';
import { allows, breaks, isKeptByOurs, offencesOf, rendered } from './broken.ts';

describe('promise servicesHardened', () => {
  isKeptByOurs(servicesHardened);
  breaks(servicesHardened, [
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('  read_only: true', '  read_only: false'),
      offence: 'docker-compose.prod.yml: nginx lacks `read_only: true` of the anchor hardened',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('  certbot:\n    <<: *hardened\n', '  certbot:\n'),
      offence: 'docker-compose.prod.yml: certbot lacks `cap_drop: [ALL]` of the anchor hardened',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) =>
        text.replace('    user: "70:70"\n', '    user: "70:70"\n    cap_add: [CHOWN]\n    ports: ["5432:5432"]\n'),
      offence: 'docker-compose.prod.yml: db may not have `cap_add: [CHOWN]`',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('    user: "70:70"\n', '    user: "70:70"\n    ports:\n      - "5432:5432"\n'),
      offence: 'docker-compose.prod.yml: db publishes ports',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('    user: "70:70"\n', '    user: root\n'),
      offence: 'docker-compose.prod.yml: db has no numeric user',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('    healthcheck:\n', ''),
      offence: 'docker-compose.prod.yml: nginx has no health check',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('          pids: 100\n', ''),
      offence: 'docker-compose.prod.yml: nginx has no limit of pids',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) =>
        text.replace('      - .:/project:ro\n', '      - .:/project:ro\n      - /var/run/docker.sock:/x\n'),
      offence: 'docker-compose.prod.yml: backups may not have `volumes: [/var/run/docker.sock:/x]`',
    },
    {
      to: 'docker-compose.monitoring.yml',
      edit: (text) => text.replace('  prometheus:\n', '$&    ports:\n      - "9090:9090"\n'),
      offence: 'docker-compose.monitoring.yml: prometheus publishes ports',
    },
    {
      to: 'docker-compose.monitoring.yml',
      edit: (text) => text.replace('  nginx:\n', '$&    user: "0:0"\n'),
      offence: 'docker-compose.monitoring.yml: nginx may only get volumes and networks here, not `user`',
    },
    {
      to: 'docker-compose.monitoring.yml',
      edit: (text) => text.replace('      - monitoring\n      - telemetry\n', '$&    pid: host\n'),
      offence: 'docker-compose.monitoring.yml: blackbox may not have `pid: host`',
    },
  ]);

  const to = 'docker-compose.prod.yml';
  /** A line more in the service db, and what the promise quotes of it. */
  const lines: readonly (readonly [string, string])[] = [
    ['privileged: True', 'privileged: True'],
    ['privileged: TRUE', 'privileged: TRUE'],
    ['privileged: "true"', 'privileged: true'],
    ['privileged: yes', 'privileged: yes'],
    ['privileged: on', 'privileged: on'],
    ['privileged: y', 'privileged: y'],
    ['privileged: ${X:-true}', 'privileged: "${X:-true}"'],
    ['privileged: ${X:-false}', 'privileged: "${X:-false}"'],
    ['privileged: !!str true', 'privileged: true'],
    ['"privileged": true', 'privileged: true'],
    ['"priv\\x69leged": true', 'privileged: true'],
    ['? privileged\n    : true', 'privileged: true'],
    ['privileged: &p true', 'privileged: true'],
    ['privileged:\n      true', 'privileged: true'],
    ['privileged: |-\n      true', 'privileged: true'],
    ['privileged: >-\n      true', 'privileged: true'],
    ['Privileged: true', 'Privileged: true'],
    ['<<: {privileged: true}', 'privileged: true'],
    ['<<: [{init: true}, {privileged: true}]', 'privileged: true'],
    ['!!merge <<: {privileged: true}', 'privileged: true'],
    ['cap_add: [ALL]', 'cap_add: [ALL]'],
    ['cap_add:\n      - "SYS_ADMIN"', 'cap_add: [SYS_ADMIN]'],
    ['network_mode: "host"', 'network_mode: host'],
    ['network_mode: ${N:-host}', 'network_mode: "${N:-host}"'],
    ['network_mode: service:nobody', 'network_mode: service:nobody'],
    ['network_mode: container:other', 'network_mode: container:other'],
    ['pid: host', 'pid: host'],
    ['pid: "host"', 'pid: host'],
    ['pid: service:app', 'pid: service:app'],
    ['ipc: host', 'ipc: host'],
    ['uts: host', 'uts: host'],
    ['userns_mode: "host"', 'userns_mode: host'],
    ['cgroup: host', 'cgroup: host'],
    ['cgroup_parent: /x', 'cgroup_parent: /x'],
    ['devices: [/dev/sda]', 'devices: [/dev/sda]'],
    ['device_cgroup_rules: ["a *:* rwm"]', 'device_cgroup_rules: ["a *:* rwm"]'],
    ['gpus: all', 'gpus: all'],
    ['security_opt: [seccomp:unconfined]', 'security_opt: [seccomp:unconfined]'],
    ['security_opt:\n      - no-new-privileges:false', 'security_opt: [no-new-privileges:false]'],
    ['security_opt: ["apparmor=unconfined", "no-new-privileges:true"]', 'security_opt: [apparmor=unconfined]'],
    ['runtime: nvidia', 'runtime: nvidia'],
    ['use_api_socket: true', 'use_api_socket: true'],
    ['volumes_from: [nginx]', 'volumes_from: [nginx]'],
    ['extends: {file: x.yml, service: y}', 'extends: {file: x.yml, service: y}'],
    ['group_add: [docker]', 'group_add: [docker]'],
    ['group_add: ["0"]', 'group_add: [0]'],
    ['sysctls: {kernel.core_pattern: x}', 'sysctls: {kernel.core_pattern: x}'],
    ['sysctls: [kernel.core_pattern=x]', 'sysctls: [kernel.core_pattern=x]'],
    ['post_start: [{command: id, user: root}]', 'post_start[].user: root'],
    ['post_start: [{command: id, privileged: true}]', 'post_start[].privileged: true'],
    ['pre_stop: [{command: id, privileged: "true"}]', 'pre_stop[].privileged: true'],
    ['oom_kill_disable: true', 'oom_kill_disable: true'],
    ['storage_opt: {size: 1G}', 'storage_opt: {size: 1G}'],
    ['provider: {type: x}', 'provider: {type: x}'],
    ['develop: {watch: []}', 'develop: {watch: []}'],
    ['read_only: off', 'read_only: off'],
    ['build: {context: ., privileged: true}', 'build.privileged: true'],
    ['build: {context: ., entitlements: [security.insecure]}', 'build.entitlements: [security.insecure]'],
    ['build: {context: ., network: host}', 'build.network: host'],
    ['pids_limit: -1', 'pids_limit: -1'],
    ['of_tomorrow: 1', 'of_tomorrow: 1'],
    ['constructor: 1', 'constructor: 1'],
  ];
  const inDatabase = (line: string) => (text: string) =>
    text.replace(/^ {2}db:\n {4}<<: \*hardened\n/m, (found) => `${found}    ${line}\n`);
  breaks(
    servicesHardened,
    lines.map(([line, quoted]) => ({
      to,
      edit: inDatabase(line),
      offence: `docker-compose.prod.yml: db may not have \`${quoted}\``,
    })),
  );
  breaks(servicesHardened, [
    ...['read_only: ${R:-true}', 'read_only: false'].map((line) => ({
      to,
      edit: inDatabase(line),
      offence: 'docker-compose.prod.yml: db lacks `read_only: true` of the anchor hardened',
    })),
    ...['cap_drop: [CHOWN]', 'cap_drop: []', 'cap_drop: ALL'].map((line) => ({
      to,
      edit: inDatabase(line),
      offence: 'docker-compose.prod.yml: db lacks `cap_drop: [ALL]` of the anchor hardened',
    })),
    ...['root', 'postgres', '0:0', '"0:0"', '"70:0"', '0x46:70', '${U:-0:0}', '${U:?}', '$U', '"1000:docker"'].map(
      (user) => ({
        to,
        edit: (text: string) => text.replace('user: "70:70"', `user: ${user}`),
        offence: 'docker-compose.prod.yml: db has no numeric user',
      }),
    ),
    ...['pids: 0', 'pids: -1', 'pids: "-1"', 'pids: ${P:-0}', 'pid: 1'].map((limit) => ({
      to,
      edit: (text: string) => text.replaceAll('pids: 200', limit),
      offence: 'docker-compose.prod.yml: db has no limit of pids',
    })),
    ...['cpus: "0"', 'cpus: ${C:-0}', 'cpus: .inf', 'cpus: 1e9'].map((limit) => ({
      to,
      edit: (text: string) => text.replaceAll('cpus: "1.00"', limit),
      offence: 'docker-compose.prod.yml: db has no limit of cpus',
    })),
  ]);

  const volumes: readonly (readonly [string, string])[] = [
    ['/var/run/docker.sock:/x', '/var/run/docker.sock:/x'],
    ['"/var/r\\x75n/docker.sock:/x:ro"', '/var/run/docker.sock:/x:ro'],
    ['/run:/x', '/run:/x'],
    ['/:/x', '/:/x'],
    ['/srv/../run:/x', '/srv/../run:/x'],
    ['/srv:/x', '/srv:/x'],
    ['/etc:/x:ro', '/etc:/x:ro'],
    ['&v /etc:/x', '/etc:/x'],
    ['${S:-/var/run/docker.sock}:/x', '"${S:-/var/run/docker.sock}:/x"'],
    ['$S:/x', '$S:/x'],
    ['~/x:/x', '"~/x:/x"'],
    ['../x:/x', '../x:/x'],
    ['./../../x:/x', './../../x:/x'],
    ['./scripts:/x', './scripts:/x'],
    ['./scripts:/x:ro,rw', '"./scripts:/x:ro,rw"'],
    ['./x/../scripts:/x', './x/../scripts:/x'],
    ['.:/x', '.:/x'],
    ['./nginx:/x:rshared', './nginx:/x:rshared'],
    ['C:/x:/y', 'C:/x:/y'],
    [
      '{type: bind, source: /var/run/docker.sock, target: /x}',
      '{type: bind, source: /var/run/docker.sock, target: /x}',
    ],
    ['{<<: {type: bind, source: /etc}, target: /x}', '{type: bind, source: /etc, target: /x}'],
    [
      '{type: bind, source: docker-compose.prod.yml, target: /x}',
      '{type: bind, source: docker-compose.prod.yml, target: /x}',
    ],
  ];
  const withVolume = (volume: string) => (text: string) =>
    text.replace('      - db-data:/var/lib/postgresql/data\n', (found) => `${found}      - ${volume}\n`);
  breaks(
    servicesHardened,
    volumes.map(([volume, quoted]) => ({
      to,
      edit: withVolume(volume),
      offence: `docker-compose.prod.yml: db may not have \`volumes: [${quoted}]\``,
    })),
  );
  breaks(servicesHardened, [
    ...(
      [
        ['{type: npipe, source: x, target: y}', 'volumes[].type: npipe'],
        [
          '{type: bind, source: /srv/x, target: /x, bind: {propagation: rshared}}',
          'volumes[].bind.propagation: rshared',
        ],
      ] as const
    ).map(([volume, quoted]) => ({
      to,
      edit: withVolume(volume),
      offence: `docker-compose.prod.yml: db may not have \`${quoted}\``,
    })),
    ...(
      [
        ['driver_opts: {type: none, o: bind, device: /}', 'driver_opts.type: none'],
        ['driver_opts: {o: bind, device: /}', 'driver_opts: {o: bind, device: /}'],
        ['driver_opts: {type: tmpfs, o: "uid=1,bind", device: /}', 'driver_opts.o: "uid=1,bind"'],
        ['driver_opts: {type: ext4, device: /dev/sda1}', 'driver_opts.type: ext4'],
        ['driver_opts: {type: "${T:-tmpfs}", device: /}', 'driver_opts.type: "${T:-tmpfs}"'],
        ['driver: other', 'driver: other'],
      ] as const
    ).map(([line, quoted]) => ({
      to,
      edit: (text: string) => text.replace('  acme-webroot: {}', `  acme-webroot:\n    ${line}`),
      offence: `docker-compose.prod.yml may not have \`volumes.acme-webroot.${quoted}\``,
    })),
    ...(
      [
        ['driver: host', 'driver: host'],
        ['name: host', 'name: host'],
        ['name: ${N:-host}', 'name: "${N:-host}"'],
        ['driver: macvlan', 'driver: macvlan'],
      ] as const
    ).map(([line, quoted]) => ({
      to,
      edit: (text: string) =>
        text.replace(/^networks:\n/m, (found) => `${found}  more:\n    external: true\n    ${line}\n`),
      offence: `docker-compose.prod.yml may not have \`networks.more.${quoted}\``,
    })),
    {
      to,
      edit: (text) => text.replace(/^networks:\n/m, (found) => `${found}  host: {external: true}\n`),
      offence: 'docker-compose.prod.yml may not have `networks.host: {external: true}`',
    },
    {
      to,
      edit: (text) => `${text}include: [other.yml]\n`,
      offence: 'docker-compose.prod.yml may not have `include: [other.yml]`',
    },
    {
      to: 'docker-compose.monitoring.yml',
      edit: (text) => text.replace('  nginx:\n    volumes:\n', '$&      - /run:/x\n'),
      offence: 'docker-compose.monitoring.yml: nginx may not have `volumes: [/run:/x]`',
    },
    {
      to,
      edit: (text) => text.replace(/^services:\n/m, (found) => `${found}  odd: 1\n`),
      offence: 'docker-compose.prod.yml: odd is no service',
    },
  ]);

  const service = (more: string) => (text: string) =>
    text.replace(
      /^networks:\n/m,
      (found) => `  mail:
    <<: *hardened
    image: example/mail:1
    user: "1000:1000"
    healthcheck: {test: [CMD, "true"]}
    deploy: {resources: {limits: {cpus: "0.1", memory: 32M, pids: 20}}}
${more.replace(/^(?=.)/gm, '    ')}
${found}`,
    );
  allows(
    servicesHardened,
    [
      'labels: {traefik.enable: "false"}',
      'environment: [TZ=Europe/Berlin, A=1]',
      'environment: {A: "${A:-1}"}',
      'command: [serve, --now]',
      'entrypoint: /serve',
      'depends_on: [db]',
      'networks: {backend: {aliases: [post]}}',
      'network_mode: none',
      'network_mode: service:app',
      'volumes: [mail-data:/data, "./mail:/etc/mail:ro", "/srv/mail:/x", "/etc/localtime:/etc/localtime:ro"]',
      'volumes: [{type: volume, source: mail-data, target: /data}, {type: tmpfs, target: /tmp, tmpfs: {size: 1m}}]',
      'volumes: ["${MAIL_DATA:-./mail}:/data"]',
      'tmpfs: /tmp',
      'sysctls: {net.core.somaxconn: 1024}',
      'ulimits: {nofile: {soft: 1024, hard: 2048}}',
      'privileged: false',
      'ipc: private',
      'profiles: [mail]',
      'post_start: [{command: [id]}]',
      'extra_hosts: ["a.example:10.0.0.1"]',
      'logging: {driver: local}',
      'x-note: {privileged: true}',
      'build: {context: ./mail, args: {A: "1"}}',
    ].map((line) => ({ what: line, to, edit: service(line) })),
  );

  for (const [what, edit] of [
    [
      'a comment that ends at U+2028',
      (text: string) => text.replace(/^ {2}db:\n/m, '$&    # x\u2028    privileged: true\n'),
    ],
    [
      'a comment that ends at U+0085',
      (text: string) => text.replace(/^ {2}db:\n/m, '$&    # x\u0085    privileged: true\n'),
    ],
    [
      'a comment that ends at a carriage return',
      (text: string) => text.replace(/^ {2}db:\n/m, '$&    #\r    privileged: true\n'),
    ],
    ['a second document', (text: string) => `${text}---\nservices:\n  db:\n    privileged: true\n`],
    ['a second mapping of services', (text: string) => `${text}services:\n  db:\n    privileged: true\n`],
    ['the same key twice', inDatabase('privileged: false\n    privileged: true')],
    ['a merge key in quotes', inDatabase('"<<": {privileged: true}')],
    ['a tag of its own', inDatabase('privileged: !!bool true')],
    ['!reset', inDatabase('cap_drop: !reset []')],
    ['!override', inDatabase('security_opt: !override []')],
  ] as const) {
    it(`has nothing hidden from it by ${what}`, () => {
      const { files, stack } = rendered();
      const spoilt = spoil(files, to, edit);
      assert.notDeepEqual(spoilt, files);
      const said = offencesOf(filesRead, { files: spoilt, stack });
      assert.match(said.join('\n'), /^docker-compose\.prod\.yml cannot be read: /);
    });
  }
});
