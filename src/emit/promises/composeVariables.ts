import { readEnv } from '../../base/envFile.ts';
import type { Rule } from './rule.ts';
import { captures, productionFiles, textOf, withoutComments } from './text.ts';

/**
 * Compose must find every `${VAR}` in the environment file, and refuse to start without it. A former secret may be empty,
 * before the first rotation, but its line must be there. What has a value of its own in the file (`:-…`) needs no line.
 */
export const composeVariables: Rule = (files) => {
  const keys = readEnv(textOf(files, '.env.production'));
  return productionFiles.flatMap((file) => variablesOf(file, withoutComments(textOf(files, file)), keys));
};

const variablesOf = (file: string, compose: string, keys: ReadonlyMap<string, string>): string[] => {
  const absent = captures(compose, /(?<!\$)\$\{?([A-Za-z_]\w*)(?!\w|:-[^}])/g)
    .filter((name) => !keys.has(name))
    .map((name) => `${file} reads \${${name}}, which .env.production does not set`);
  const optional = captures(compose, /(?<!\$)\$\{([A-Za-z_]\w*)(?!\w|:\?|:-[^}]|(?<=_PREVIOUS)\?)/g).map(
    (name) => `${file} reads \${${name}} without :?, so a missing value would pass silently`,
  );
  return [...absent, ...optional];
};
