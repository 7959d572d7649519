import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { edit, tracked } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { findings, run } from './toolbox.ts';

const scripts = (directory: string) => tracked(directory, /\.sh$/);

describeTool('bash', () => {
  const parse: Look = async (cwd) => {
    const found: string[] = [];
    for (const script of await scripts(cwd)) found.push(await findings(run('bash', ['-n', script], { cwd })));
    return found.join('');
  };
  findsNothing(parse);
  finds(
    'a block that does not end',
    (directory) => edit(directory, 'db/init/10-roles.sh', (text) => `${text}\nif true; then\n`),
    parse,
    /syntax error/,
  );
});

describeTool('shellcheck', () => {
  const options = ['--norc', '--external-sources', '--severity', 'style', '--color=never'];
  /** A script and all that it sources: what shellcheck reads of the project, and nothing else of it. */
  const readFor = (directory: string, script: string, found = new Map<string, string>()): Map<string, string> => {
    if (found.has(script) || !statSync(join(directory, script), { throwIfNoEntry: false })?.isFile()) return found;
    const text = readFileSync(join(directory, script), 'utf8');
    found.set(script, text);
    for (const [, sourced = ''] of text.matchAll(/(?:^|\s)(?:\.\s+|source[=\s]\s*)([^\s;]+)/gm))
      readFor(directory, sourced, found);
    return found;
  };
  /** All that a script takes from one that it sources: variables that are no function's own, and the options of bash. */
  const taken = (text: string): readonly string[] => [
    ...new Set(
      text
        .replace(/^ *local .*$/gm, '')
        .match(/\b[A-Za-z_]\w*(?=\+?=)|^ *(?:set|shopt) .*$|\b(?:export|declare|read|mapfile) [^<\n]*/gm),
    ),
  ];
  // Two seconds a script, as it is read with what it sources. Most answers change none of that: what was said of a script is
  // said of each that is the same, with the same to take around it.
  const said = new Map<string, string>();
  const judge = async (cwd: string, script: string): Promise<string> => {
    const [own = [], ...sourced] = readFor(cwd, script);
    const read = JSON.stringify([own, ...sourced.map(([path, text]) => [path, taken(text).toSorted()])]);
    const known = said.get(read) ?? (await findings(run('shellcheck', [...options, script], { cwd })));
    said.set(read, known);
    return known;
  };
  const look: Look = async (cwd) => {
    const all = [...(await scripts(cwd))];
    const judgeNext = async (): Promise<string> => {
      const script = all.shift();
      return script === undefined ? '' : (await judge(cwd, script)) + (await judgeNext());
    };
    // Two at a time, for two cores.
    return (await Promise.all([judgeNext(), judgeNext()])).join('');
  };
  findsNothing(look);
  for (const script of ['scripts/deploy.sh', 'db/init/10-roles.sh']) {
    finds(
      `an unquoted variable in ${script}`,
      (directory) => edit(directory, script, (text) => `${text}echo $HOME/$1\n`),
      look,
      /SC2086/,
    );
  }
});
