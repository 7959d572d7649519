import assert from 'node:assert/strict';
import { engineOf, rewrittenTo } from '../../../../src/detect/rules/database/engine.ts';
import { build, look, parts, settings } from './look.ts';

describe('the engine that serves requests', () => {
  const engine = (tree: Readonly<Record<string, string>>) => {
    const { connection, uses, toolkit } = look(tree);
    return engineOf(connection, uses, toolkit);
  };
  it('has the scheme of the URL, the async one of several', () => {
    const urls = settings('SYNC_DATABASE_URL: str', 'ASYNC_DATABASE_URL: str');
    assert.deepEqual(engine({ 'requirements.txt': 'sqlalchemy\nasyncpg\npsycopg2\n', 'app/config.py': urls }), {
      scheme: 'postgresql+asyncpg',
      driver: 'asyncpg',
    });
  });
  it('has the driver that the code itself puts into the URL', () => {
    const tree = {
      'app/config.py': settings('DATABASE_URL: str'),
      'app/db.py': 'url = s.DATABASE_URL.replace("postgresql://", "postgresql+asyncpg://")\n',
    };
    assert.equal(rewrittenTo(look(tree).uses), 'postgresql+asyncpg');
    assert.deepEqual(engine(tree), { scheme: 'postgresql', driver: 'asyncpg' });
  });
  it('has the scheme that the code builds, but not that of a migration', () => {
    assert.equal(engine({ 'app/config.py': settings(...parts), 'app/db.py': build }).scheme, 'postgresql+asyncpg');
    assert.equal(
      engine({
        'requirements.txt': 'sqlalchemy\npsycopg\n',
        'app/config.py': settings(...parts),
        'alembic/env.py': build.replace('+asyncpg', ''),
      }).scheme,
      'postgresql+psycopg',
    );
  });
  it('is the custom of the driver where nothing says it', () => {
    assert.deepEqual(engine({ 'requirements.txt': '' }), { scheme: 'postgresql', driver: 'psycopg2' });
  });
});
