import type { ErrorObject } from 'ajv';

/** The schemas as code, which build/validators.ts writes. */
export type Validate = { (value: unknown): boolean; errors?: readonly ErrorObject[] | null };
export const pack: Validate;
export const policy: Validate;
