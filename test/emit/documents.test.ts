import assert from 'node:assert/strict';
import { artifacts } from '../../src/emit/catalogue.ts';
import { endsInARun } from '../../src/emit/documents.ts';

describe('endsInARun', () => {
  it('is so of every file of ours but those that people read, and those that keep a folder', () =>
    assert.deepEqual(
      artifacts
        .filter((artifact) => !endsInARun(artifact))
        .map(({ to }) => to)
        .toSorted(),
      [
        'SECURITY-REVIEWS.md',
        'SECURITY.md',
        'monitoring/RUNBOOK.md',
        'monitoring/logs/.gitkeep',
        'monitoring/loki/.gitkeep',
        'monitoring/private/.gitkeep',
        'monitoring/textfile/.gitkeep',
        'nginx/well-known/security.txt',
        'ssl/.gitkeep',
      ],
    ));
  for (const to of [
    ...['scripts/deploy.sh', 'ops.mk', 'Makefile', 'db/init/10-roles.sh', 'docker/serve.py', 'Dockerfile'],
    ...['docker-compose.yml', '.github/workflows/security.yml', '.gitlab-ci.yml', '.pre-commit-config.yaml'],
    ...['nginx/nginx.conf', 'nginx/pages/maintenance.html', '.env.example', '.gitattributes', 'app/main.py'],
    ...['a.new.file', 'docs/SECURITY.md', 'security.md'],
  ])
    it(`is so of ${to}`, () => assert.equal(endsInARun({ to }), true));
});
