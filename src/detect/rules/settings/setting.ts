import type { Evidence } from '../../model.ts';
import type { Expression } from '../../read/python.ts';
import { isSecretName, withoutUser } from '../code/withoutSecrets.ts';

/** One environment variable that the app reads, where it reads it. */
export type Setting = {
  /** As the process reads it, prefix applied; upper case where case does not matter. */
  readonly name: string;
  /** Other names that are taken as well. */
  readonly aliases?: readonly string[];
  /** What code calls it: the field, or the name that the value is assigned to. */
  readonly attribute: string;
  /** The class, else the path of the module or file. */
  readonly owner: string;
  /** Text of a simple default; never of a secret, and of a URL without user and password. */
  readonly default: string | undefined;
  /** Whether there is any other value than none when it is not set: a secret's default is known only so. */
  readonly hasDefault: boolean;
  /** The default is written in the code as it is, not computed when the app starts. */
  readonly isFixed?: true;
  readonly isRequired: boolean;
  /** Read when a function runs, perhaps never; or code may give the value itself. */
  readonly isUnsure?: true;
  /** Only a file of variables names it: no code was seen that reads it. */
  readonly isOnlyNamed?: true;
  readonly type?: string;
  readonly evidence: Evidence;
};

/** What a default says, as `default` and `hasDefault` of a setting. */
export const defaultOf = (
  name: string,
  value: Expression | undefined,
): Pick<Setting, 'default' | 'hasDefault' | 'isFixed'> => {
  if (value === undefined || value.kind === 'none' || value.kind === 'ellipsis') {
    return { default: undefined, hasDefault: false };
  }
  const text =
    value.kind === 'string'
      ? value.value
      : value.kind === 'number' || value.kind === 'boolean'
        ? value.text
        : undefined;
  if (text === '') return { default: '', hasDefault: false };
  return {
    default: text === undefined || isSecretName(name) ? undefined : withoutUser(text),
    hasDefault: true,
    ...(isFixed(value) ? { isFixed: true as const } : {}),
  };
};

// SecretStr("…") too; a call such as secrets.token_urlsafe(32) is not.
const isFixed = (value: Expression): boolean =>
  value.kind === 'string' ||
  value.kind === 'number' ||
  (value.kind === 'call' &&
    /(?:^|\.)(?:SecretStr|SecretBytes|Secret|str)$/.test(value.callee) &&
    value.args[0]?.value.kind === 'string');
