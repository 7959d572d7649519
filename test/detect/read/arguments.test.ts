import assert from 'node:assert/strict';
import { argument } from '../../../src/detect/read/arguments.ts';
import { readPython } from '../../../src/detect/read/python/module.ts';

const argsOf = (call: string) => readPython('a.py', `${call}\n`).calls[0]?.args ?? [];

describe('an argument of a call', () => {
  it('is found by its name, wherever it stands', () => {
    assert.equal(argument(argsOf('run(1, port=80)'), 'port', 0)?.text, '80');
  });
  it('is found by its position among those without a name', () => {
    assert.equal(argument(argsOf('run(a=1, "first", b=2, "second")'), 'x', 1)?.text, '"second"');
  });
  it('is none where there is neither', () => {
    assert.equal(argument(argsOf('run("first")'), 'port'), undefined);
    assert.equal(argument(argsOf('run("first")'), 'port', 7), undefined);
    assert.equal(argument([], 'port', 0), undefined);
  });
});
