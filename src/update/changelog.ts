import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../paths.ts';

const numbers = (version: string): readonly number[] =>
  (/^\d+\.\d+\.\d+/.exec(version)?.[0] ?? '0.0.0').split('.').map(Number);

/** Below 0 where `one` is older; a pre-release counts as its version. */
export const compareVersions = (one: string, other: string): number => {
  const others = numbers(other);
  return numbers(one).reduce((order, number, index) => order || number - (others[index] ?? 0), 0);
};

/** The sections of our CHANGELOG.md after version `from`, up to `to`, newest first, as they stand there. */
export const changesBetween = (from: string, to: string, text?: string): string => {
  const changelog = text ?? readFileSync(join(packageRoot(), 'CHANGELOG.md'), 'utf8');
  return changelog
    .split(/^(?=## )/m)
    .filter((section) => {
      const version = /^## (\d+\.\d+\.\d+)/.exec(section)?.[1];
      return version !== undefined && compareVersions(version, from) > 0 && compareVersions(version, to) <= 0;
    })
    .join('')
    .trim();
};
