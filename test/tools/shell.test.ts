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
  // Half a minute a project, as each script is read with what it sources: so on two cores.
  const options = ['--norc', '--external-sources', '--severity', 'style', '--color=never'];
  const look: Look = async (cwd) => {
    const all = await scripts(cwd);
    const halves = [0, 1].map((half) => all.filter((_, index) => index % 2 === half));
    const found = await Promise.all(halves.map((some) => findings(run('shellcheck', [...options, ...some], { cwd }))));
    return found.join('');
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
