import type { Notice } from '../../model.ts';
import { readDockerfile } from '../../read/dockerfile.ts';
import { evidenceAt, folderOf, joinPath, nameOf } from '../../read/paths.ts';
import { readToml } from '../../read/toml.ts';
import { readYaml } from '../../read/yaml.ts';
import type { View } from '../../view.ts';
import { isCompose, isDockerfile } from '../code/commands.ts';

const broken = (view: View, path: string): boolean => {
  const text = view.read(path);
  if (text === undefined) return false;
  if (path.endsWith('.toml')) return readToml(text) === undefined;
  try {
    readYaml(text);
    return false;
  } catch {
    return true;
  }
};

/** What is there of a deployment already, and what could not be read, so that nothing was found in it. */
export const fileNotices = (view: View, root: string): readonly Notice[] => {
  const manifests = [...new Set([joinPath(root, 'pyproject.toml'), 'pyproject.toml'])].filter((path) => view.has(path));
  const compose = view.files.filter((path) => isCompose(path) && (folderOf(path) === '' || folderOf(path) === root));
  const unread = [...manifests, ...compose].filter((path) => broken(view, path));
  const there = view.files.filter(
    (path) =>
      folderOf(path) === '' &&
      (isDockerfile(path) || isCompose(path) || /^(?:nginx\.conf|\.dockerignore|Makefile)$/.test(nameOf(path))),
  );
  const long = there.filter(isDockerfile).flatMap((path) =>
    readDockerfile(view.read(path) ?? '')
      .filter(({ isTooLong }) => isTooLong)
      .map(({ line, keyword }) => evidenceAt(path, line, `${keyword || nameOf(path)}: too long, not read`)),
  );
  const notices: Notice[] = [];
  if (long.length > 0) {
    notices.push({
      id: 'too-long',
      says: 'these are longer, with their variables, than anybody writes (64 KiB), so nothing in them counts',
      evidence: long.slice(0, 10),
    });
  }
  if (unread.length > 0) {
    notices.push({
      id: 'broken-file',
      says: 'these files cannot be parsed, so nothing in them counts',
      evidence: unread.map((path) => evidenceAt(path, undefined, 'cannot be parsed')),
    });
  }
  if (there.length > 0) {
    notices.push({
      id: 'existing-files',
      says: 'these are there already: they were read, and nothing of them is changed without your word (docs/existing.md)',
      evidence: there.map((path) => evidenceAt(path, undefined, nameOf(path))),
    });
  }
  return notices;
};
