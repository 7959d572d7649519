import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { edit, tracked } from './projects.ts';
import { finds, findsNothing, type Look } from './promise.ts';

// Made later: by the scripts, by the user.
const madeLater = ['ssl/fullchain.pem', 'ssl/privkey.pem', '.env.app'];

const code = /```[^\n]*\n([\s\S]*?)```|`([^`\n]+)`|\]\((?!https?:)([^)\s]+)\)/g;
const path = /(?:\.\/)?(?:[\w.-]+\/)*[\w.-]+\.(?:sh|conf|ya?ml|md|py|ini|toml|pem|txt)\b|\.env\.\w+|\bDockerfile\b/g;

/** The paths that a text names in code and in links. */
const named = (text: string): readonly string[] => [
  ...new Set(
    [...text.matchAll(code)]
      .flatMap(([, block = '', span = '', link = '']) => (block + span).match(path)?.concat(link) ?? [link])
      .filter(Boolean),
  ),
];

const look: Look = async (directory) => {
  const documents = await tracked(directory, /\.md$/);
  assert.ok(documents.length > 0);
  const offences: string[] = [];
  for (const document of documents) {
    for (const name of named(readFileSync(join(directory, document), 'utf8'))) {
      const file = name.replace(/^\.\//, '');
      // `fullchain.pem` after "in `ssl/`" is said without its folder.
      const known =
        existsSync(join(directory, file)) || madeLater.some((made) => made === file || made.endsWith(`/${file}`));
      if (!known) offences.push(`${document} names ${name}, which is not there`);
      else if (name.startsWith('./') && file.endsWith('.sh') && (statSync(join(directory, file)).mode & 0o111) === 0) {
        offences.push(`${document} runs ${name}, which is not executable`);
      }
    }
  }
  return offences.join('\n');
};

describe('markdown', () => {
  findsNothing(look);
  finds(
    'a script that is not there',
    (directory) => edit(directory, 'SECURITY.md', (text) => text.replaceAll('scripts/scan.sh', 'scripts/scam.sh')),
    look,
    /names \.\/scripts\/scam\.sh/,
  );
  finds(
    'a file that is not there',
    (directory) => edit(directory, 'SECURITY.md', (text) => text.replaceAll('snippets/tls.conf', 'snippets/ssl.conf')),
    look,
    /names nginx\/snippets\/ssl\.conf/,
  );
});
