import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { edit, setsWithMonitoring } from './projects.ts';
import { describeTool, finds, findsNothing, type Look, lookAtOne } from './promise.ts';
import { findings, run } from './toolbox.ts';

const look = (file: string, config: string): Look => {
  const policy = ['--config', join(packageRoot(), 'test/tools', config)];
  return lookAtOne(file, (cwd) =>
    findings(run('compose-lint', ['--fail-on', 'low', '--quiet', '--skip-suppressed', ...policy, file], { cwd })),
  );
};

const overlay = 'docker-compose.monitoring.yml';

describeTool('compose-lint', () => {
  describe(overlay, () => {
    const judge = look(overlay, 'compose-lint.monitoring.yml');
    findsNothing(judge, setsWithMonitoring);
    finds(
      'a privileged container',
      (directory) => edit(directory, overlay, (text) => text.replace('init: true', 'privileged: true')),
      judge,
      /CL-0002/,
      setsWithMonitoring[0],
    );
  });
  for (const [file, config] of [
    ['docker-compose.yml', 'compose-lint.dev.yml'],
    ['docker-compose.prod.yml', 'compose-lint.prod.yml'],
  ] as const) {
    describe(file, () => {
      const judge = look(file, config);
      findsNothing(judge);
      finds(
        'a privileged container',
        (directory) => edit(directory, file, (text) => text.replace('init: true', 'privileged: true')),
        judge,
        /CL-0002/,
      );
    });
  }
});
