import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { packageRoot } from '../paths.ts';

type Name = 'pack' | 'policy';

const schema = (name: Name): object =>
  JSON.parse(readFileSync(join(packageRoot(), `schemas/${name}.schema.json`), 'utf8')) as object;

const isRegex = (text: string): boolean => {
  try {
    return new RegExp(text, 'm') !== undefined;
  } catch {
    return false;
  }
};

// `/questions/team/kind must be …` as a line for people, with an example from the schema.
const lineOf = ({ instancePath, message = '', params, parentSchema = {} }: ErrorObject): string => {
  const path = instancePath.slice(1).replaceAll('/', '.') || 'the file';
  const detail = params.additionalProperty ?? params.allowedValues ?? '';
  const [example] = (parentSchema.examples ?? []) as unknown[];
  return [
    `${path} ${message}`,
    detail === '' ? '' : ` (${Array.isArray(detail) ? detail.join(', ') : JSON.stringify(detail)})`,
    example === undefined ? '' : `, for example ${JSON.stringify(example)}`,
  ].join('');
};

/** What is wrong with the value by its published schema, a line each; none where it is right. */
export const problemsOf = (name: Name, value: unknown): readonly string[] => {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictRequired: false });
  ajv.addFormat('regex', isRegex);
  if (name === 'pack') ajv.addSchema(schema('policy'), 'policy.schema.json');
  const validate = ajv.compile(schema(name));
  return validate(value) ? [] : (validate.errors ?? []).map(lineOf);
};
