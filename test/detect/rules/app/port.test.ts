import assert from 'node:assert/strict';
import { appPort } from '../../../../src/detect/rules/app/port.ts';
import { contextFrom } from '../../contextFrom.ts';

const portIn = (...lines: readonly string[]): number =>
  appPort(contextFrom({ 'pyproject.toml': '[project]\nname = "shop"\n', Dockerfile: `${lines.join('\n')}\n` })).value;

describe('the port of a Dockerfile that builds several images', () => {
  const server = ['FROM python:3.13 AS base', 'FROM base AS api', 'EXPOSE 8001', 'CMD ["supervisord"]'];
  const flower = ['FROM base AS flower', 'EXPOSE 8555', 'CMD ["supervisord"]'];

  it('is that of the image which a plain build makes', () => {
    assert.equal(portIn('ARG KIND=api', ...server, ...flower, 'FROM ${KIND}'), 8001);
    assert.equal(
      portIn(...flower.with(0, 'FROM python:3.13 AS flower'), ...server.slice(1).with(0, 'FROM python:3.13')),
      8001,
    );
  });
  it('is that of the image that starts the server, wherever it stands', () => {
    assert.equal(
      portIn('FROM python:3.13 AS api', 'EXPOSE 8001', 'CMD ["uvicorn", "shop:app"]', ...flower.with(0, 'FROM api')),
      8001,
    );
  });
  it('may stand in the image below', () => {
    assert.equal(portIn('FROM python:3.13 AS base', 'EXPOSE 8001', 'FROM base', 'CMD ["./start"]'), 8001);
  });
});
