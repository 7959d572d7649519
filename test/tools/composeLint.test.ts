import { join } from 'node:path';
import { packageRoot } from '../../src/paths.ts';
import { edit } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { findings, run } from './toolbox.ts';

const look =
  (file: string, config: string): Look =>
  (cwd) => {
    const policy = ['--config', join(packageRoot(), 'test/tools', config)];
    return findings(
      run('compose-lint', ['--fail-on', 'low', '--quiet', '--skip-suppressed', ...policy, file], { cwd }),
    );
  };

describeTool('compose-lint', () => {
  for (const [file, config] of [
    ['docker-compose.yml', 'compose-lint.dev.yml'],
    ['docker-compose.prod.yml', 'compose-lint.prod.yml'],
  ] as const) {
    describe(file, () => {
      findsNothing(look(file, config));
      finds(
        'a privileged container',
        (directory) => edit(directory, file, (text) => text.replace('init: true', 'privileged: true')),
        look(file, config),
        /CL-0002/,
      );
    });
  }
});
