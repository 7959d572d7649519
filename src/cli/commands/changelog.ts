import { readText } from '../../base/files.ts';
import { packageRoot } from '../../base/packageRoot.ts';
import { compareVersions } from '../../base/version.ts';

/** The sections of our CHANGELOG.md after version `from`, up to `to`, newest first, as they stand there. */
export const changesBetween = (from: string, to: string, text?: string): string => {
  const changelog = text ?? readText<string>(packageRoot(), 'CHANGELOG.md');
  return changelog
    .split(/^(?=## )/m)
    .filter((section) => {
      const version = /^## (\d+\.\d+\.\d+)/.exec(section)?.[1];
      return version !== undefined && compareVersions(version, from) > 0 && compareVersions(version, to) <= 0;
    })
    .join('')
    .trim();
};
