import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { edit, tracked } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { findings, run } from './toolbox.ts';

// 120 is the width of this house's own lines; the tool's 80 would break the sentences of the comments.
const config = '{extends: default, rules: {line-length: {max: 120}}}';

// A URL is as long as the names in it, and cannot be broken.
const isUrl = (cwd: string, finding: string): boolean => {
  const [, path = '', line = ''] = /^(.+?):(\d+):\d+: .*\(line-length\)$/.exec(finding) ?? [];
  return (
    path !== '' &&
    /: "[a-z0-9+]+:\/\/[^"]*"(?: {2}#.*)?$/.test(
      readFileSync(join(cwd, path), 'utf8').split('\n')[Number(line) - 1] ?? '',
    )
  );
};

const look: Look = async (cwd) => {
  // The lock of pnpm is its own.
  const files = (await tracked(cwd, /\.ya?ml$/)).filter((path) => !path.endsWith('pnpm-lock.yaml'));
  const said = await findings(
    run('yamllint', ['--strict', '--format', 'parsable', '--config-data', config, ...files], { cwd }),
  );
  return said
    .split('\n')
    .filter((finding) => !isUrl(cwd, finding))
    .join('\n');
};

describeTool('yamllint', () => {
  findsNothing(look);
  for (const file of ['docker-compose.yml', 'docker-compose.prod.yml', '.github/dependabot.yml']) {
    finds(
      `a key that is there twice, in ${file}`,
      (directory) => edit(directory, file, (text) => `${text}twice: 1\ntwice: 2\n`),
      look,
      /duplication of key "twice"/,
    );
  }
});
