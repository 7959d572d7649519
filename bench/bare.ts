import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import ejs from 'ejs';

/** The floor: the same templates through ejs with ready data, written with plain calls. Nothing is asked or checked. */
const { stack, files } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  stack: Record<string, unknown>;
  files: { from: string; to: string; mode: number }[];
};
for (const { from, to, mode } of files) {
  const text = ejs.render(readFileSync(from, 'utf8'), stack);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text, { mode });
}
