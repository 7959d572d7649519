import { readText } from './files.ts';
import { packageRoot } from './packageRoot.ts';

let ownVersion: string | undefined;
/** Ours, read once. */
export const version = (): string => {
  ownVersion ??= (JSON.parse(readText(packageRoot(), 'package.json')) as { version: string }).version;
  return ownVersion;
};

const numbers = (version: string): readonly number[] =>
  (/^\d+\.\d+\.\d+/.exec(version)?.[0] ?? '0.0.0').split('.').map(Number);

/** Below 0 where `one` is older; a pre-release counts as its version. */
export const compareVersions = (one: string, other: string): number => {
  const others = numbers(other);
  return numbers(one).reduce((order, number, index) => order || number - (others[index] ?? 0), 0);
};
