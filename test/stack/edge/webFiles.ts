import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Long enough to be worth compressing. */
export const css = `/* as it is */\n${'p { color: black }\n'.repeat(40)}`;
/** Not the same text, so that a test sees which file was sent. */
export const prepared = `/* made before */\n${'p { color: black }\n'.repeat(40)}`;

const write = (directory: string, files: Readonly<Record<string, string | Buffer>>): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
};

/** What a project has for /static/. */
export const writeStatic = (directory: string): void =>
  write(directory, {
    'site.css': css,
    'site.css.gz': gzipSync(prepared),
    'plain.css': css,
    'app.1a2b3c4d.js': 'export {};\n',
    'page.html': '<!doctype html><title>page</title>\n',
    'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    'data.bin': 'x',
    'folder/inside.txt': 'inside\n',
    '.secret': 'secret\n',
    '.git/config': 'secret\n',
  });

/** What a build tool makes of a single-page app. */
export const writeSpa = (directory: string): void =>
  write(directory, {
    'index.html': '<!doctype html><title>single page</title>\n',
    'assets/index-DiwrgTda.js': 'export {};\n',
    'assets/index-DiwrgTda.css': css,
    'favicon.ico': 'icon',
    '.env': 'secret\n',
  });
