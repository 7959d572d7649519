import { edit } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { findings, run } from './toolbox.ts';

const look: Look = (cwd) =>
  findings(run('hadolint', ['--failure-threshold', 'style', '--no-color', 'Dockerfile'], { cwd }));

describeTool('hadolint', () => {
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
