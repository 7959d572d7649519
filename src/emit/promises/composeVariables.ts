import type { Variable } from '../../base/interpolation.ts';
import { variablesIn } from './interpolation.ts';
import { productionFiles } from './productionFiles.ts';
import type { Promised } from './promised.ts';
import { scalarsIn } from './yaml.ts';

// COMPOSE_PROJECT_NAME is Compose's own word: the name under which it runs the files.
const hasOwnValue = ({ name, operator, word }: Variable): boolean =>
  (operator === ':-' && word !== '') || name === 'COMPOSE_PROJECT_NAME';
// A former secret may be empty, before the first rotation, but its line must be there.
const isRequired = ({ name, operator }: Variable): boolean =>
  operator === ':?' || (operator === '?' && name.endsWith('_PREVIOUS'));

/**
 * Compose must find every `${VAR}` in the environment file, and refuse to start without it. What has a value of its own in the file
 * (`:-…`) needs no line.
 */
export const composeVariables: Promised = (set) => {
  const keys = set.env('.env.production');
  return productionFiles(set).flatMap(({ file, top }) => {
    const variables = [...scalarsIn(top)].flatMap(variablesIn).filter((variable) => !hasOwnValue(variable));
    const absent = variables
      .filter(({ name }) => !keys.has(name))
      .map(({ name }) => `${file} reads \${${name}}, which .env.production does not set`);
    const optional = variables
      .filter((variable) => !isRequired(variable))
      .map(({ name }) => `${file} reads \${${name}} without :?, so a missing value would pass silently`);
    return [...new Set([...absent, ...optional])];
  });
};
