import { edit, tracked } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { findings, run } from './toolbox.ts';

// 120 is the width of this house's own lines; the tool's 80 would break the sentences of the comments.
const config = '{extends: default, rules: {line-length: {max: 120}}}';

const look: Look = async (cwd) => {
  const files = await tracked(cwd, /\.ya?ml$/);
  return findings(run('yamllint', ['--strict', '--format', 'parsable', '--config-data', config, ...files], { cwd }));
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
