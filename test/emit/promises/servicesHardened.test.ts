import { servicesHardened } from '../../../src/emit/promises/servicesHardened.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise servicesHardened', () => {
  isKeptByOurs(servicesHardened);
  breaks(servicesHardened, [
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('  read_only: true', '  read_only: false'),
      offence: 'docker-compose.prod.yml: x-hardened lacks a line of ours',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) => text.replace('  certbot:\n    <<: *hardened\n', '  certbot:\n'),
      offence: 'docker-compose.prod.yml: certbot has no `<<: *hardened`',
    },
    {
      to: 'docker-compose.prod.yml',
      edit: (text) =>
        text.replace('    user: "70:70"\n', '    user: "70:70"\n    cap_add: [CHOWN]\n    ports: ["5432:5432"]\n'),
      offence: 'docker-compose.prod.yml: db has `cap_add:`',
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
      offence: 'docker-compose.prod.yml: backups has `/var/run/docker.sock`',
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
      offence: 'docker-compose.monitoring.yml: blackbox has `pid: host`',
    },
  ]);
});
