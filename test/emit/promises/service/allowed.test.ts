import assert from 'node:assert/strict';
import { isAmount, isCount, isNumericUser, service, top } from '../../../../src/emit/promises/service/allowed.ts';
import { judges, said } from './said.ts';

describe('what a service of production may have', () =>
  judges(service, {
    allowed: [
      '{}',
      '{image: x, command: [a, b], environment: {A: b}, labels: [a=b]}',
      '{command: , entrypoint: }',
      '{privileged: false, read_only: true, cap_drop: [ALL], security_opt: ["no-new-privileges:true"]}',
      '{build: ., user: anything}',
      '{build: {context: ., args: {A: b}, network: none}}',
      '{volumes: [data:/data], tmpfs: /tmp, networks: [a]}',
      '{sysctls: {net.core.somaxconn: 1024}}',
      '{sysctls: [net.ipv4.ip_unprivileged_port_start=0]}',
      '{group_add: ["101"], ipc: private, cgroup: private}',
      '{deploy: {resources: {limits: {cpus: "0.5", memory: 64M, pids: 10}}}}',
      '{depends_on: {db: {condition: service_healthy}}}',
      '{env_file: [{path: .env, required: false}]}',
      '{x-mine: {privileged: true}}',
      '{ulimits: {nofile: {soft: 1, hard: 2}, nproc: 10}}',
    ],
    refused: [
      '{privileged: true}',
      '{privileged: True}',
      '{privileged: yes}',
      '{privileged: "true"}',
      '{privileged: "${NO:-false}"}',
      '{"privileg\\x65d": true}',
      '{cap_add: [SYS_ADMIN]}',
      '{devices: [/dev/sda:/dev/sda]}',
      '{device_cgroup_rules: ["a *:* rwm"]}',
      '{pid: host}',
      '{ipc: host}',
      '{uts: host}',
      '{userns_mode: host}',
      '{cgroup: host}',
      '{cgroup_parent: x}',
      '{network_mode: host}',
      '{security_opt: [seccomp=unconfined]}',
      '{security_opt: ["no-new-privileges:false"]}',
      '{group_add: [docker]}',
      '{group_add: ["0"]}',
      '{sysctls: {kernel.core_pattern: x}}',
      '{sysctls: [kernel.core_pattern=x]}',
      '{sysctls: kernel.core_pattern=x}',
      '{extends: {file: other.yml, service: x}}',
      '{build: {context: ., privileged: true}}',
      '{build: {context: ., network: host}}',
      '{build: {context: ., entitlements: [security.insecure]}}',
      '{post_start: [{command: x, privileged: true}]}',
      '{pre_stop: [{command: x, user: root}]}',
      '{runtime: other}',
      '{credential_spec: {file: x}}',
      '{gpus: all}',
      '{volumes: [/var/run/docker.sock:/x]}',
      '{tmpfs: ["/tmp:suid"]}',
      '{deploy: {resources: {limits: {cpus: 0}}}}',
      '{deploy: {resources: {reservations: {devices: [{driver: x}]}}}}',
      '{a-key-of-tomorrow: x}',
    ],
  }));

describe('the limits and the user of a service', () => {
  describe('an amount', () =>
    judges(isAmount, { allowed: ['0.5', '64M', '1gb', '512'], refused: ['0', '0.0', '-1', 'x', '', '1e3', '${NO}'] }));
  describe('a count', () => judges(isCount, { allowed: ['1', '100'], refused: ['0', '-1', '1.5', '01', ''] }));
  describe('a user', () =>
    judges(isNumericUser, {
      allowed: ['"70:70"', '10001:10001'],
      refused: ['root', '"0:0"', '"70:0"', '"0:70"', '"70"', 'app:app', '"070:70"', '${NO}'],
    }));
});

describe('what a compose file of production may have', () => {
  judges(top, {
    allowed: [
      '{services: {}, networks: {a: }, volumes: {b: }, secrets: {c: {file: x}}, configs: {d: {content: x}}}',
      '{x-anchor: {cap_add: [ALL]}, name: x, version: "3"}',
    ],
    refused: [
      '{include: [other.yml]}',
      '{networks: {host: {external: true}}}',
      '{volumes: {a: {driver_opts: {type: none, device: /, o: bind}}}}',
      '{secrets: {a: {driver: x}}}',
      '{models: {a: {model: x}}}',
    ],
  });
  it('is said with the path of its keys', () =>
    assert.deepEqual(said(top, '{include: [a.yml], volumes: {a: {driver: x}}}', ''), [
      'include: [a.yml]',
      'volumes.a.driver: x',
    ]));
});
