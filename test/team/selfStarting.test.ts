import assert from 'node:assert/strict';
import { runsByItself } from '../../src/team/selfStarting.ts';

describe('runsByItself', () => {
  for (const path of [
    ...['.husky/pre-commit', 'web/.Husky/pre-push', '.githooks/x', '.pre-commit-config.yaml', 'lefthook.yml'],
    ...['.envrc', 'api/.envrc', 'mise.toml', '.tool-versions', '.python-version'],
    ...['.vscode/tasks.json', '.devcontainer/devcontainer.json', '.idea/x.xml', 'CLAUDE.md', 'AGENTS.md', '.mcp.json'],
    ...['package.json', 'web/package.json', '.npmrc', 'setup.py', 'uv.toml', 'Makefile', 'GNUmakefile', 'justfile'],
    ...['conftest.py', 'tests/conftest.py', 'sitecustomize.py', 'x.pth'],
    ...['.github/workflows/x.yml', '.GitHub/actions/a/action.yml', '.gitlab-ci.yml', 'Jenkinsfile', 'ops/hooks/x.sh'],
  ])
    it(`is so of ${path}`, () => assert.equal(runsByItself(path), true));
  for (const path of ['docs/runbook.md', 'scripts/hello.sh', 'husky/x', 'monitoring/rules.yml', 'x.envrc.md'])
    it(`is not of ${path}`, () => assert.equal(runsByItself(path), false));
});
