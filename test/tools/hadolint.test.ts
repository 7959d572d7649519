import { edit, setsWithMonitoring } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { findings, run } from './toolbox.ts';

const lint =
  (file: string): Look =>
  (cwd) =>
    findings(run('hadolint', ['--failure-threshold', 'style', '--no-color', file], { cwd }));
const look = lint('Dockerfile');
const exporters = 'monitoring/exporters/Dockerfile';

describeTool('hadolint', () => {
  describe(exporters, () => {
    findsNothing(lint(exporters), setsWithMonitoring);
    finds(
      'an image without a fixed version',
      (directory) => edit(directory, exporters, (text) => text.replace(/^FROM debian:\S+/m, 'FROM debian:latest')),
      lint(exporters),
      /DL3007/,
      setsWithMonitoring[0],
    );
  });
  describe('monitoring/log-shipper/Dockerfile', () => {
    findsNothing(lint('monitoring/log-shipper/Dockerfile'), [setsWithMonitoring[1]]);
  });
  findsNothing(look);
  finds(
    'an image without a fixed version',
    (directory) => edit(directory, 'Dockerfile', (text) => text.replace(/^FROM python:\S+/m, 'FROM python:latest')),
    look,
    /DL3007/,
  );
  finds(
    'a package manager that keeps its lists',
    (directory) => edit(directory, 'Dockerfile', (text) => text.replace(/^USER /m, 'RUN apt-get install curl\n$&')),
    look,
    /DL3015/,
  );
});
