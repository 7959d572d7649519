import assert from 'node:assert/strict';
import { packagesOf } from '../../../../src/detect/rules/install/brought.ts';
import { contextFrom } from '../../contextFrom.ts';

const of = (...lines: readonly string[]) => packagesOf(contextFrom({ 'requirements.txt': lines.join('\n') }));

describe('what the dependencies bring', () => {
  it('is uvicorn by itself, or with an extra of the framework', () => {
    for (const line of ['uvicorn', 'fastapi[standard]', 'FastAPI[all]', 'litestar[standard]', 'fastapi-cli'])
      assert.ok(of(line).hasUvicorn, line);
    for (const line of ['', 'fastapi', 'fastapi[doc]', 'hypercorn']) assert.ok(!of(line).hasUvicorn, line);
  });
  it('is a driver that needs libpq, unless it holds it', () => {
    for (const line of ['psycopg2', 'psycopg', 'psycopg[pool]']) assert.ok(of(line).needsLibpq, line);
    for (const line of ['', 'psycopg2-binary', 'psycopg[binary]', 'psycopg[c]', 'asyncpg'])
      assert.ok(!of(line).needsLibpq, line);
  });
});
