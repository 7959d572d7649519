import assert from 'node:assert/strict';
import { isServer } from '../../../../src/detect/rules/app/servers.ts';
import type { Command } from '../../../../src/detect/rules/code/commands.ts';

const is = (...words: readonly string[]) => isServer({ words } as unknown as Command);

describe('a server of Python apps', () => {
  for (const name of ['uvicorn', 'gunicorn', 'hypercorn', 'granian', 'daphne', 'fastapi', 'litestar', 'quart'])
    it(`is ${name}, wherever it lies`, () => assert.ok(is(name, 'a:b') && is(`/opt/venv/bin/${name}`)));
  it('is nothing that only has its name in it', () => {
    for (const words of [[], ['uvicorn-worker'], ['python', 'uvicorn'], ['myuvicorn'], ['uvicorn/']])
      assert.ok(!is(...words), words.join(' '));
  });
});
