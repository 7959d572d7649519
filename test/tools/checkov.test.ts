import { checkoutOfNew, edit } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { putAccessKey } from './secretLike.ts';
import { findings, run } from './toolbox.ts';

const options = ['--skip-download', '--compact', '--quiet', '--enable-secret-scan-all-files'];

const fresh = checkoutOfNew();

const look: Look = async (directory) => {
  const cwd = await fresh(directory);
  return findings(run('checkov', ['--directory', '.', '--framework', 'dockerfile', 'secrets', ...options], { cwd }));
};

describeTool('checkov', () => {
  findsNothing(look);
  finds(
    'an image that runs as root, without a health check',
    (directory) => edit(directory, 'Dockerfile', (text) => text.replace(/^USER .*|^HEALTHCHECK .*\n.*/gm, '')),
    look,
    /CKV_DOCKER_2[\s\S]*CKV_DOCKER_3|CKV_DOCKER_3[\s\S]*CKV_DOCKER_2/,
  );
  finds('a key of a cloud', putAccessKey, look, /CKV_SECRET_2/);
});
