import assert from 'node:assert/strict';
import { readPython } from '../../../../src/detect/read/python/module.ts';
import {
  bareType,
  defaultIn,
  type Field,
  namesOf,
  type Options,
} from '../../../../src/detect/rules/settings/fields.ts';

const field = (code: string): Field => {
  const module = readPython('a.py', code);
  return { module, assignment: module.assignments[0] ?? assert.fail(code) };
};
const options: Options = { prefix: 'app_', delimiter: undefined, isCaseSensitive: false, fields: '' };
const names = (code: string, isV1 = false, given: Partial<Options> = {}) =>
  namesOf(field(code), { ...options, ...given }, isV1);

describe('the variables of a field', () => {
  for (const [code, isV1, ...expected] of [
    ['x: int', false, 'APP_X'],
    ['x: int = Field(alias="y")', false, 'Y'],
    ['x: int = Field(alias="y", validation_alias="z")', false, 'Z', 'Y'],
    ['x: int = Field(validation_alias=AliasChoices("y", "z"))', false, 'Y', 'Z'],
    ['x: Annotated[int, Field(alias="y")]', false, 'Y'],
    ['x: int = Field(env="y")', false, 'APP_X'],
    ['x: int = Field(env="y")', true, 'Y'],
    ['x: int = Field(env=["y", "z"])', true, 'Y', 'Z'],
    ['x: int = Field(alias="y")', true, 'APP_X'],
    ['x: int = other(alias="y")', false, 'APP_X'],
  ] as const) {
    it(`are ${expected} for ${code}${isV1 ? ', of version 1' : ''}`, () =>
      assert.deepEqual(names(code, isV1), expected));
  }
  it('keep their case where it matters', () =>
    assert.deepEqual(names('x: int', false, { isCaseSensitive: true }), ['app_x']));
  it('are those of the class, of version 1', () => {
    const fields = '{"x": {"env": "Y"}, "z": "no"}';
    assert.deepEqual(names('x: int', true, { fields }), ['Y']);
    assert.deepEqual(names('x: int', false, { fields }), ['APP_X']);
  });
});

describe('the default of a field', () => {
  for (const [code, expected] of [
    ['x: int', undefined],
    ['x: int = 1', '1'],
    ['x: int = Field(1, ge=0)', '1'],
    ['x: int = Field(ge=0, default=1)', '1'],
    ['x: int = Field(default_factory=f)', 'f'],
    ['x: int = Field(ge=0)', undefined],
    ['x: int = Field(...)', '...'],
    ['x: Annotated[int, Field(default=1)]', '1'],
    ['x: Annotated[int, Field(ge=0)] = 2', '2'],
  ] as const) {
    it(`is ${expected} for ${code}`, () => assert.equal(defaultIn(field(code))?.text, expected));
  }
});

describe('the type of a field', () => {
  for (const [type, bare] of [
    ['Optional[Db]', 'Db'],
    ['Db | None', 'Db'],
    ['"Db"', 'Db'],
    ['dict[str, int]', 'dict[str, int]'],
    [undefined, ''],
  ] as const) {
    it(`is ${bare} for ${type}`, () => assert.equal(bareType(type), bare));
  }
});
