import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { templatesRoot } from '../../src/base/packageRoot.ts';
import { artifacts, isOwner, modeOf, owners, templateOf } from '../../src/emit/catalogue.ts';

describe('artifacts', () => {
  it('name each destination once', () => {
    assert.equal(new Set(artifacts.map(({ to }) => to)).size, artifacts.length);
  });
  it('match the templates one to one', () => {
    const templates = readdirSync(templatesRoot(), { recursive: true, encoding: 'utf8' }).filter((path) =>
      statSync(join(templatesRoot(), path)).isFile(),
    );
    assert.deepEqual(artifacts.map(templateOf).sort(), templates.sort());
  });
  it('have at least one row for each owner', () => {
    assert.deepEqual(
      Object.keys(owners).filter((owner) => !artifacts.some((row) => row.owner === owner)),
      [],
    );
  });
  it('write the ignore files before any secret', () => {
    const rows = artifacts.map(({ to, kind }) => (to.endsWith('ignore') ? 'ignore' : kind));
    assert.ok(rows.includes('ignore') && rows.lastIndexOf('ignore') < rows.indexOf('secret'));
  });
});

describe('templateOf', () => {
  it('hides leading dots, which npm does not pack', () => {
    assert.equal(templateOf({ owner: 'env', to: '.env.production' }), '_env.production.ejs');
    assert.equal(templateOf({ owner: 'security', to: '.github/dependabot.yml' }), '_github/dependabot.yml.ejs');
    assert.equal(templateOf({ owner: 'fastapi', to: 'app/__init__.py' }), 'app/__init__.py.ejs');
  });
});

describe('modeOf', () => {
  it('is 0600 for secrets, 0755 for scripts, 0644 otherwise', () => {
    assert.deepEqual(
      (['secret', 'script', 'once'] as const).map((kind) => modeOf({ owner: 'env', to: 'x', kind })),
      [0o600, 0o755, 0o644],
    );
  });
});

describe('isOwner', () => it('knows no inherited names', () => assert.equal(isOwner('constructor'), false)));
