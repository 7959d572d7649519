import assert from 'node:assert/strict';
import { setOf } from '../../../src/emit/promises/renderedSet.ts';
import type { RenderedFile } from '../../../src/emit/renderedFile.ts';

const set = (files: Readonly<Record<string, string>>) =>
  setOf(Object.entries(files).map(([to, text]) => ({ artifact: { to }, text })) as unknown as RenderedFile[]);

describe('the rendered set', () => {
  it('has the services of a compose file as they are once anchors and merges are resolved', () => {
    const { compose } = set({
      'docker-compose.prod.yml':
        'x-a: &a {read_only: true}\nservices:\n  one: {<<: *a, image: x}\n  two: text\n  three:\n',
    });
    const { file, top, services } = compose('docker-compose.prod.yml');
    assert.equal(file, 'docker-compose.prod.yml');
    assert.deepEqual([...top.keys()], ['x-a', 'services']);
    assert.deepEqual(
      [...services].map(([name, service]) => [name, [...service]]),
      [
        [
          'one',
          [
            ['read_only', 'true'],
            ['image', 'x'],
          ],
        ],
      ],
    );
  });
  it('reads each file once', () => {
    const { yaml, compose, nginx, env } = set({ 'a.yml': 'a: [1]\n', 'a.conf': 'a;', a: 'A=1\n' });
    assert.equal(yaml('a.yml'), yaml('a.yml'));
    assert.equal(compose('a.yml'), compose('a.yml'));
    assert.equal(nginx('a.conf'), nginx('a.conf'));
    assert.equal(env('a'), env('a'));
    assert.equal(env('a').get('A'), '1');
  });
  it('is empty where a file is absent, without a problem', () => {
    const { text, yaml, compose, nginx, env, problem } = set({});
    assert.deepEqual(
      [text('x'), yaml('x.yml'), compose('x.yml').services.size, nginx('x.conf'), env('x').size, problem('x.yml')],
      ['', null, 0, [], 0, undefined],
    );
  });
  it('is empty where a file cannot be read, and says why by the reader of its kind', () => {
    const { yaml, nginx, problem } = set({ 'a.yml': 'a: b: c\n', 'a.conf': 'a: b: c\n', 'b.yml': 'a;\n' });
    assert.deepEqual([yaml('a.yml'), nginx('a.conf')], [null, []]);
    assert.match(problem('a.yml') ?? '', /^line 1: bad indentation/);
    assert.equal(problem('a.conf'), 'line 2: a directive or a block does not end');
    assert.equal(problem('b.yml'), undefined);
  });
});
