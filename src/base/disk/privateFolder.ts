import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

type File = { readonly path: string; readonly text: string; readonly mode: number };

/** A folder of ours alone, outside of any project, with these files in it while there is work with them. */
export const inPrivateFolder = async <Result>(
  files: readonly File[],
  work: (folder: string) => Promise<Result>,
): Promise<Result> => {
  const folder = mkdtempSync(join(tmpdir(), 'comicpile-'));
  try {
    for (const { path, text, mode } of files) {
      const to = join(folder, path);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, text);
      chmodSync(to, mode);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
