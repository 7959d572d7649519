import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { artifacts } from '../../../src/emit/catalogue.ts';
import { secretPlaces } from '../../../src/model/existingSecrets.ts';

const parentsOf = (path: string): readonly string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join('/'));

const notes = [
  ...[
    '.yo-rc.json',
    '.env',
    '.gitlab-ci.yml',
    '.comicpile/lock.json',
    '.comicpile/policy.json',
    '.comicpile/images.json',
  ],
  ...['.comicpile/.gitattributes', '.comicpile/base/nginx/nginx.conf', '.comicpile/base/SECURITY.md', '.comicpile/x'],
  ...['.comicpile/templates/SECURITY.md.ejs', '.comicpile/templates/SECURITY.md.extra/more.ejs'],
  ...[
    '.comicpile/templates/nginx/nginx.conf.extra/http.ejs',
    '.comicpile-staging-999999999-x',
    '.comicpile-staging-x/0',
  ],
  ...['.comicpile-staging-x/journal.json', '.git', '.GIT', 'app/x.py', 'Dockerfile.dockerignore', 'docs/SECURITY.md'],
];
const files = [...notes, ...secretPlaces, ...artifacts.map(({ to }) => to)];

/** Every place that is read or written, and the folders on the way to it. */
export const places: readonly string[] = [...new Set(files.flatMap((path) => [path, ...parentsOf(path)]))].sort();

const hostileLock = (outside: string): string =>
  JSON.stringify({
    files: { '../home/.bashrc': `sha256:${'0'.repeat(64)}`, [`${outside}/x`]: 1, __proto__: 1 },
    once: ['../x'],
  });

/** What somebody may have put at a place. */
export const oddities: Readonly<Record<string, (path: string, outside: string) => void>> = {
  'a link to a file outside': (path, outside) => symlinkSync(join(outside, '.docker/config.json'), path),
  'a link to a folder outside': (path, outside) => symlinkSync(join(outside, 'folder'), path),
  'a relative link outside': (path, outside) => symlinkSync(join('../'.repeat(9), outside, '.aws'), path),
  'a link to a file inside': (path) => symlinkSync('README.md', path),
  'a loop': (path) => symlinkSync(path, path),
  'a link to nowhere': (path, outside) => symlinkSync(join(outside, 'new'), path),
  'a link to a device': (path) => symlinkSync('/dev/zero', path),
  'a link to a terminal': (path) => symlinkSync('/dev/tty', path),
  'a named pipe': (path) => execFileSync('mkfifo', [path]),
  'a folder': (path) => mkdirSync(path),
  'a folder with git in another case': (path) => mkdirSync(join(path, '.GiT/hooks'), { recursive: true }),
  'a file without end': (path) => {
    closeSync(openSync(path, 'w'));
    truncateSync(path, 2 ** 40);
  },
  'bytes that are no text': (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0, 1, 0x80])),
  'a map nested without end': (path) => writeFileSync(path, '{"a":'.repeat(50_000)),
  'no map': (path) => writeFileSync(path, 'null'),
  'a lock of somebody': (path, outside) => writeFileSync(path, hostileLock(outside)),
  'the journal of somebody': (path) =>
    writeFileSync(path, JSON.stringify([{ from: '0', to: '../home/.ssh/authorized_keys', folderMode: 448 }])),
  ...(process.geteuid?.() === 0 ? { 'a device': (path: string) => execFileSync('mknod', [path, 'c', '1', '5']) } : {}),
};

/** Puts it there, in the place of whatever there is, unless another one is already on the way. */
export const put = (directory: string, place: string, oddity: string, outside: string): boolean => {
  const path = join(directory, place);
  try {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { recursive: true, force: true });
    oddities[oddity]?.(path, outside);
    return true;
  } catch (error) {
    // A file, a link or a pipe where a folder would be.
    if (['EEXIST', 'ENOTDIR', 'ELOOP', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
};
