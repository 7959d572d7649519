import assert from 'node:assert/strict';
import { readPython } from '../../../../src/detect/read/python/module.ts';
import { defaultOf } from '../../../../src/detect/rules/settings/setting.ts';

const of = (code: string, name = 'PORT') => {
  const value = readPython('a.py', `x = ${code}`).assignments[0]?.value;
  return { ...{ default: undefined }, ...defaultOf(name, value) };
};

describe('the default of a setting', () => {
  for (const [code, expected] of [
    ['"a"', { default: 'a', hasDefault: true, isFixed: true }],
    ['8000', { default: '8000', hasDefault: true, isFixed: true }],
    ['True', { default: 'True', hasDefault: true }],
    ['f()', { default: undefined, hasDefault: true }],
    ['""', { default: '', hasDefault: false }],
    ['None', { default: undefined, hasDefault: false }],
    ['...', { default: undefined, hasDefault: false }],
    ['"postgresql://u:p@h/x"', { default: 'postgresql://h/x', hasDefault: true, isFixed: true }],
  ] as const) {
    it(`is ${JSON.stringify(expected)} for ${code}`, () => assert.deepEqual(of(code), expected));
  }
  it('is known of a secret only as being there', () => {
    assert.deepEqual(of('"abc"', 'SECRET_KEY'), { default: undefined, hasDefault: true, isFixed: true });
    assert.deepEqual(of('SecretStr("abc")', 'SECRET_KEY'), { default: undefined, hasDefault: true, isFixed: true });
    assert.deepEqual(of('secrets.token_urlsafe(32)', 'SECRET_KEY'), { default: undefined, hasDefault: true });
  });
  it('may be none', () => assert.deepEqual(defaultOf('A', undefined), { default: undefined, hasDefault: false }));
});
