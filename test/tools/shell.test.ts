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
  const look: Look = async (cwd) =>
    findings(run('shellcheck', ['--norc', '--severity', 'style', '--color=never', ...(await scripts(cwd))], { cwd }));
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
