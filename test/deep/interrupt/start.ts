import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { artifacts } from '../../../src/emit/catalogue.ts';
import type { Tree } from './tree.ts';

const place = (directory: string, tree: Tree, paths: readonly string[]) => {
  for (const path of paths) {
    const file = tree.get(path);
    if (file === undefined) continue;
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), file.text);
    chmodSync(join(directory, path), file.mode);
  }
};

/** What a user wrote into `.env.production`: a line of theirs, a comment, and a secret and a setting taken out. */
const edited = (text: string) =>
  `# mine, keep\nSMTP_HOST=mail.example # ours\n${text.replace(/^(?:SECRET_KEY|DOMAIN)=.*\n/gm, '')}LAST=no newline`;

export type Start = 'empty' | 'half' | 'whole' | 'edited';

/** Fills a directory with what an earlier, whole generation left of it; `share` of 0 to 1 says how much. */
export const prepare = (directory: string, start: Start, whole: Tree, share: number): void => {
  const order = ['.yo-rc.json', ...artifacts.map(({ to }) => to), '.comicpile/lock.json'].filter((path) =>
    whole.has(path),
  );
  if (start === 'half') place(directory, whole, order.slice(0, Math.round(share * order.length)));
  if (start === 'whole' || start === 'edited') place(directory, whole, order);
  if (start !== 'edited') return;
  const env = join(directory, '.env.production');
  writeFileSync(env, edited(whole.get('.env.production')?.text ?? ''));
  for (const folder of ['nginx', 'scripts', 'db']) rmSync(join(directory, folder), { recursive: true });
};
