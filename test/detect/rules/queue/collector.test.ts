import assert from 'node:assert/strict';
import { Collector, formByName, masked, presetsOf, serverOfUrl } from '../../../../src/detect/rules/queue/collector.ts';
import type { Piece } from '../../../../src/detect/rules/queue/variables.ts';
import { contextFrom } from '../../contextFrom.ts';

const variable = (name: string, preset?: string): Piece => ({
  kind: 'variable',
  source: { name, preset, evidence: { file: 'a.py', says: '' } },
});
const literal = (text: string): Piece => ({ kind: 'literal', text });
/** What is kept of the pieces of one URL. */
const kept = (pieces: readonly Piece[], presets: Readonly<Record<string, string>> = {}, isUncertain = false) => {
  const collector = new Collector(new Map(Object.entries(presets)));
  const hasVariable = collector.keep({ form: 'url', server: undefined, isUncertain }, pieces);
  assert.equal(
    hasVariable,
    pieces.some(({ kind }) => kind === 'variable'),
  );
  return collector.seen.map(({ variable: { name, form, database }, server }) => [name, form, database, server]);
};

describe('the server that a URL names', () => {
  for (const [url, server] of [
    ['redis://a', 'redis'],
    ['rediss://a', 'redis'],
    ['unix:///run/x', 'redis'],
    ['valkey://a', 'valkey'],
    ['amqps://a', 'rabbitmq'],
    ['pyamqp://a', 'rabbitmq'],
    ['sqs://', 'other'],
    ['nats://a', 'other'],
    ['http://a', undefined],
    [undefined, undefined],
  ] as const) {
    it(`${url}`, () => assert.equal(serverOfUrl(url), server));
  }
});

describe('what a name says of a part', () => {
  for (const [name, form] of [
    ['REDIS_PASSWORD', 'password'],
    ['REDIS_USERNAME', 'user'],
    ['REDIS_PORT', 'port'],
    ['REDIS_HOST', 'host'],
    ['CACHE_ENDPOINT', 'host'],
    ['REDIS_DB', 'database'],
    ['CELERY_BROKER', 'url'],
    ['REDIS_DSN', 'url'],
    ['REDIS', undefined],
  ] as const) {
    it(name, () => assert.equal(formByName(name), form));
  }
});

describe('the variables of a connection', () => {
  it('are one URL, with the number that the project itself sets', () => {
    assert.deepEqual(kept([variable('R')]), [['R', 'url', 0, undefined]]);
    assert.deepEqual(kept([variable('R', 'redis://a:1/3')]), [['R', 'url', 3, 'redis']]);
    assert.deepEqual(kept([variable('R')], { R: 'valkey://a/2?x' }), [['R', 'url', 2, 'valkey']]);
  });
  it('are parts, by their names or by their places', () => {
    assert.deepEqual(
      kept([literal('redis://'), variable('A'), literal(':'), variable('B'), literal('/'), variable('C')]),
      [
        ['A', 'host', undefined, 'redis'],
        ['B', 'port', undefined, 'redis'],
        ['C', 'database', 0, 'redis'],
      ],
    );
    assert.deepEqual(
      kept([literal('redis://:'), variable('X'), literal('@'), variable('MY_URL')]).map(([name, form]) => [name, form]),
      [
        ['X', 'password'],
        ['MY_URL', 'host'],
      ],
    );
  });
  it('are a URL to which the app adds the number itself', () =>
    assert.deepEqual(kept([variable('REDIS_URL'), literal('/1')]), [['REDIS_URL', 'url', undefined, undefined]]));
  it('are none of what is no server, and none that is not sure', () => {
    assert.deepEqual(kept([variable('R', 'db+postgresql://a')]), []);
    assert.deepEqual(kept([variable('R')], { R: 'memory://' }), []);
    assert.deepEqual(kept([variable('X')], {}, true), []);
    assert.deepEqual(kept([variable('REDIS_X')], {}, true), [['REDIS_X', 'url', 0, undefined]]);
    assert.deepEqual(kept([literal('redis://a')]), []);
  });
  it('are each kept once, as they were seen first', () => {
    const collector = new Collector(new Map());
    for (const form of ['host', 'port'] as const)
      collector.keep({ form, server: 'redis', isUncertain: false }, [variable('R')]);
    assert.deepEqual(
      collector.seen.map(({ variable: { form } }) => form),
      ['host'],
    );
  });
});

describe('what the project itself sets', () => {
  it('is in its files of variables before its compose files', () => {
    const presets = presetsOf(
      contextFrom({
        '.env.example': 'A=one # note\nexport B="two"\nE=\n',
        'compose.yml':
          'services:\n  a:\n    environment:\n      - A=no\n      - C=three\n  b:\n    environment:\n      D: 4\n      E: five\n',
      }),
    );
    assert.deepEqual(Object.fromEntries(presets), { A: 'one', B: 'two', C: 'three', D: '4', E: 'five' });
  });
  it('is never shown with who one is', () =>
    assert.equal(masked({ file: 'a', says: 'x = "redis://:pass@h/0"' }).says, 'x = "redis://…@h/0"'));
});
