import assert from 'node:assert/strict';
import { appPaths, healthPath } from '../../../../src/detect/rules/app/health.ts';
import { contextFrom } from '../../contextFrom.ts';

const health = (tree: Readonly<Record<string, string>>) => {
  const found = healthPath(contextFrom(tree));
  return found && [found.value, found.confidence, found.evidence[0]?.file];
};
const app = (...paths: readonly string[]) =>
  `from fastapi import FastAPI\napp = FastAPI()\n${paths.map((path, index) => `@app.get("${path}")\ndef f${index}(): ...\n`).join('')}`;

describe('the path that answers when the app works', () => {
  it('is that of a route, the strictest of several', () => {
    assert.deepEqual(health({ 'main.py': app('/live', '/api/healthz', '/ping') }), [
      '/api/healthz',
      'likely',
      'main.py',
    ]);
    assert.deepEqual(health({ 'main.py': app('/a/health', '/health') }), ['/health', 'likely', 'main.py']);
    assert.deepEqual(health({ 'main.py': app('/health/') })?.[0], '/health/');
  });
  it('is no route with a part that is not known, or that is written to', () => {
    assert.equal(health({ 'main.py': app('/{x}/health', '/healthy') }), undefined);
    assert.equal(health({ 'main.py': app().concat('@app.post("/health")\ndef f(): ...\n') }), undefined);
  });
  it('is what the container of the project is asked, itself or by a script', () => {
    const check = 'HEALTHCHECK CMD curl -f http://localhost:8000/api/status\n';
    assert.deepEqual(health({ Dockerfile: `FROM x\n${check}` }), ['/api/status', 'likely', 'Dockerfile']);
    assert.deepEqual(
      health({ Dockerfile: 'FROM x\nHEALTHCHECK CMD ./check.sh\n', 'check.sh': 'curl http://127.0.0.1/up\n' }),
      ['/up', 'likely', 'check.sh'],
    );
    const compose = (more: string) =>
      `services:\n  a:\n    ${more}\n    healthcheck:\n      test: ["CMD", "curl", "http://localhost/ok"]\n`;
    assert.deepEqual(health({ 'compose.yml': compose('build: .') }), ['/ok', 'likely', 'compose.yml']);
    assert.equal(health({ 'compose.yml': compose('image: other') }), undefined);
  });
  it('is not one of another host, and may be none', () => {
    assert.equal(health({ Dockerfile: 'FROM x\nHEALTHCHECK CMD curl http://a.example/ok\n' }), undefined);
    assert.equal(health({}), undefined);
  });
});

describe('the paths that the app answers', () => {
  it('are the first parts of its routes, each once', () =>
    assert.deepEqual(appPaths(contextFrom({ 'main.py': app('/api/a', '/api/b', '/', '/{x}', '/z') })), ['/api', '/z']));
});
