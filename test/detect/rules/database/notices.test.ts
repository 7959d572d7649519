import assert from 'node:assert/strict';
import type { Connection } from '../../../../src/detect/rules/database/connection.ts';
import {
  builtUrl,
  missingDriver,
  rewrittenUrl,
  severalDatabases,
  unknownSwitch,
  unknownVariables,
} from '../../../../src/detect/rules/database/notices.ts';
import type { Toolkit } from '../../../../src/detect/rules/database/scheme.ts';
import type { UrlUse } from '../../../../src/detect/rules/database/urls.ts';
import type { Setting } from '../../../../src/detect/rules/settings/setting.ts';

const evidence = (file: string) => ({ file, says: '' });
const setting = (name: string, isRequired = true) => ({ name, isRequired, evidence: evidence(name) }) as Setting;
const use = (how: UrlUse['how'], scheme: string, file = 'a.py') =>
  ({ how, scheme, evidence: evidence(file) }) as UrlUse;
const connection = (given: Partial<Connection>): Connection => ({
  isUrl: false,
  urls: [],
  parts: new Map(),
  build: undefined,
  groups: [],
  ...given,
});
const group = (...names: readonly string[]): Connection['groups'][number] =>
  new Map(names.map((name, index) => [(['host', 'user'] as const)[index] ?? 'port', setting(name)]));

/** The ids, and the files that are named, of notices. */
const said = (notices: ReturnType<typeof builtUrl>) =>
  notices.map(({ id, evidence: seen }) => [id, ...seen.map(({ file }) => file)]);

describe('what the user should know of the database', () => {
  it('is a switch that is required, and whose word is not known', () => {
    assert.deepEqual(said(unknownSwitch({ setting: setting('DB_ENGINE'), text: undefined })), [
      ['database-switch', 'DB_ENGINE'],
    ]);
    assert.deepEqual(unknownSwitch({ setting: setting('DB_ENGINE'), text: 'postgres' }), []);
    assert.deepEqual(unknownSwitch({ setting: setting('DB_ENGINE', false), text: undefined }), []);
  });
  it('is a URL that the code builds, with its scheme where that is known', () => {
    const build = use('built', 'postgresql+asyncpg');
    const [notice] = builtUrl(connection({ build }));
    assert.deepEqual([notice?.id, notice?.evidence], ['database-url-built', [evidence('a.py')]]);
    assert.match(notice?.says ?? '', / \(postgresql\+asyncpg:\/\/\): /);
    const { scheme: _, ...unknown } = build;
    assert.doesNotMatch(builtUrl(connection({ build: unknown as UrlUse }))[0]?.says ?? '', /undefined|\/\//);
    assert.deepEqual(builtUrl(connection({ build, isUrl: true })), []);
    assert.deepEqual(builtUrl(connection({})), []);
  });
  it('is a URL that the code rewrites, where it is seen first', () => {
    const uses = [
      use('named', 'postgresql+asyncpg', 'no.py'),
      use('rewritten', 'postgresql+asyncpg', 'b.py'),
      use('rewritten', 'postgresql+asyncpg', 'c.py'),
    ];
    assert.deepEqual(said(rewrittenUrl(connection({ isUrl: true }), uses)), [['database-url-rewritten', 'b.py']]);
    assert.deepEqual(rewrittenUrl(connection({}), uses), []);
    assert.deepEqual(rewrittenUrl(connection({ isUrl: true }), [use('rewritten', 'postgresql')]), []);
  });
  it('is a driver that no manifest names', () => {
    const toolkit = (...drivers: Toolkit['drivers']): Toolkit => ({
      isAsync: false,
      usesSqlalchemy: true,
      usesTortoise: false,
      drivers,
    });
    assert.deepEqual(
      said(missingDriver('asyncpg', toolkit('psycopg'), [use('built', 'x'), use('built', 'x', 'b.py')])),
      [['database-driver-missing', 'a.py']],
    );
    assert.deepEqual(missingDriver('asyncpg', toolkit('asyncpg'), []), []);
  });
  it('is that no variable was found, and what is written into the code instead', () => {
    const uses = ['a', 'b', 'c', 'd'].map((file) => use('literal', 'postgresql', file));
    assert.deepEqual(said(unknownVariables([], [use('built', 'x', 'no'), ...uses])), [
      ['database-variables-unknown', 'a', 'b', 'c'],
    ]);
    assert.deepEqual(unknownVariables([{ name: 'A', form: 'url', evidence: evidence('A') }], uses), []);
  });
  it('is that there are more databases than one, each once', () => {
    const groups = [group('DB_HOST', 'DB_USER'), group('PG_HOST', 'PG_USER'), group('SQL_HOST')];
    assert.deepEqual(said(severalDatabases(connection({ groups }))), [['database-several', 'PG_HOST', 'SQL_HOST']]);
    assert.deepEqual(severalDatabases(connection({ groups, isUrl: true })), []);
    assert.deepEqual(severalDatabases(connection({ groups: groups.slice(0, 1) })), []);
  });
});
