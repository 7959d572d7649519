import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { edit, setsWithMonitoring } from './projects.ts';
import { describeTool, finds, findsNothing, type Look, lookAtOne } from './promise.ts';
import { findings, run } from './toolbox.ts';

// Errors only: its warnings are about an order of keys that is not ours.
const lint = (file: string, ...options: string[]): Look =>
  lookAtOne(file, (cwd) => findings(run('dclint', ['--quiet', '--color=false', ...options, file], { cwd })));

const development = lint('docker-compose.yml');

const production = lint('docker-compose.prod.yml', '--config', join(packageRoot(), 'test/tools/dclint.prod.yml'));

const overlay = 'docker-compose.monitoring.yml';

describeTool('dclint', () => {
  describe('docker-compose.yml', () => {
    findsNothing(development);
    finds(
      'a port for everybody',
      (directory) =>
        edit(directory, 'docker-compose.yml', (text) => text.replace('"127.0.0.1:5432:5432"', '"5432:5432"')),
      development,
      /no-unbound-port-interfaces/,
    );
  });
  describe(overlay, () => {
    const monitoring = lint(overlay);
    findsNothing(monitoring, setsWithMonitoring);
    finds(
      'an image without a version',
      (directory) =>
        edit(directory, overlay, (text) => text.replace(/image: prom\/prometheus\S+/, 'image: prom/prometheus')),
      monitoring,
      /service-image-require-explicit-tag/,
      setsWithMonitoring[0],
    );
  });
  describe('docker-compose.prod.yml', () => {
    findsNothing(production);
    finds(
      'an image without a version',
      (directory) =>
        edit(directory, 'docker-compose.prod.yml', (text) =>
          text.replace(/image: nginxinc\/\S+/, 'image: nginxinc/nginx-unprivileged'),
        ),
      production,
      /service-image-require-explicit-tag/,
    );
  });
});
