import assert from 'node:assert/strict';
import { variablesOf } from '../../../../src/detect/rules/database/variables.ts';
import { build, look, parts, settings } from './look.ts';

describe('how the app is told where its database is', () => {
  it('is by a URL where that is all there is', () => {
    const { connection } = look({ 'app/config.py': settings('DATABASE_URL: str') });
    assert.deepEqual([connection.isUrl, connection.parts.size, connection.build], [true, 0, undefined]);
    assert.deepEqual(
      connection.urls.map(({ setting: { name }, scheme }) => [name, scheme]),
      [['DATABASE_URL', 'postgresql+asyncpg']],
    );
  });
  it('is by parts where the code builds the URL of them', () => {
    const { connection } = look({ 'app/config.py': settings(...parts), 'app/db.py': build });
    assert.deepEqual([connection.isUrl, connection.build?.module.path], [false, 'app/db.py']);
    assert.deepEqual([...connection.parts.keys()].sort(), ['host', 'name', 'password', 'user']);
  });
  it('is by the URL of both where that is required, by the parts where it is not', () => {
    const both = (url: string) =>
      look({ 'app/config.py': settings(...parts, url), 'app/db.py': build }).connection.isUrl;
    assert.equal(both('DATABASE_URL: str'), true);
    assert.equal(both('DATABASE_URL: str | None = None'), false);
    assert.equal(both('DATABASE_URL: str = "postgresql://localhost/x"'), false);
  });
  it('is not known of nothing', () => {
    const { connection } = look({});
    assert.deepEqual([connection.isUrl, connection.urls, connection.parts.size, connection.groups], [false, [], 0, []]);
    assert.deepEqual(variablesOf(connection, []), []);
  });
});
