import { scratch } from '../fixture.ts';
import { checkout, edit } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { putAccessKey } from './secretLike.ts';
import { findings, run } from './toolbox.ts';

// An empty cache: the checks that are built in, not those that an earlier run has downloaded.
const options = () => ['--quiet', '--exit-code', '1', '--skip-version-check', '--cache-dir', scratch()];

const misconfigurations: Look = async (directory) =>
  findings(run('trivy', ['config', ...options(), '--skip-check-update', await checkout(directory)]));

const secrets: Look = async (directory) =>
  findings(run('trivy', ['fs', ...options(), '--scanners', 'secret', '--offline-scan', await checkout(directory)]));

describeTool('trivy', () => {
  describe('config', () => {
    findsNothing(misconfigurations);
    finds(
      'an image that runs as root',
      (directory) => edit(directory, 'Dockerfile', (text) => text.replace(/^USER .*/gm, 'USER root')),
      misconfigurations,
      /DS-0002/,
    );
  });
  describe('secrets', () => {
    findsNothing(secrets);
    finds('a key of a cloud', putAccessKey, secrets, /aws-access-key-id/);
  });
});
