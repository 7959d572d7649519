import assert from 'node:assert/strict';
import { isNginx, isParsed, isPipeline } from '../../../src/emit/promises/parsedFiles.ts';

describe('which files promises parse', () => {
  for (const to of [
    '.github/workflows/ci.yml',
    '.gitlab-ci.yml',
    '.gitlab/ci/security.yml',
    'docker-compose.yml',
    'docker-compose.prod.yml',
    'docker-compose.monitoring.yaml',
    'nginx/nginx.conf',
    'nginx/snippets/tls.conf',
    'monitoring/nginx/status.conf',
    'monitoring/prometheus/rules/app.yml',
    'monitoring/prometheus/tests/app.yml',
  ]) {
    it(to, () => assert.ok(isParsed(to)));
  }
  it('and which they do not', () => {
    const others = ['.github/dependabot.yml', 'x/docker-compose.yml', 'nginx/README.md', 'redis.conf', 'Dockerfile'];
    assert.deepEqual(others.filter(isParsed), []);
    assert.deepEqual(['.github/dependabot.yml', '.gitlab-ci.yml.md'].filter(isPipeline), []);
    assert.deepEqual(['nginx/nginx.conf.md', 'monitoring/x.conf'].filter(isNginx), []);
  });
});
