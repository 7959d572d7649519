import type { ErrorObject } from 'ajv';
import { pack, policy, type Validate } from './validators.js';

// `/questions/team/kind must be …` as a line for people, with an example from the schema.
const lineOf = ({ instancePath, message = '', params, parentSchema = {} }: ErrorObject): string => {
  if (instancePath === '' && params.additionalProperty === 'rules')
    return 'rules are called promises: write "promises"';
  const path = instancePath.slice(1).replaceAll('/', '.') || 'the file';
  const detail = params.additionalProperty ?? params.allowedValues ?? '';
  const [example] = (parentSchema.examples ?? []) as unknown[];
  return [
    `${path} ${message}`,
    detail === '' ? '' : ` (${Array.isArray(detail) ? detail.join(', ') : JSON.stringify(detail)})`,
    example === undefined ? '' : `, for example ${JSON.stringify(example)}`,
  ].join('');
};

const validators: Readonly<Record<'pack' | 'policy', Validate>> = { pack, policy };

/** What is wrong with the value by its published schema, a line each; none where it is right. */
export const problemsOf = (name: keyof typeof validators, value: unknown): readonly string[] => {
  const validate = validators[name];
  return validate(value) ? [] : (validate.errors ?? []).map(lineOf);
};
