import { checkout, edit, tracked } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { findings, run } from './toolbox.ts';

// Warnings are errors: an invalid escape in a string is only one of those.
const compile: Look = async (directory) => {
  const cwd = await checkout(directory);
  const files = await tracked(cwd, /\.py$/);
  return findings(run('python', ['-W', 'error', '-m', 'compileall', '-q', '-f', ...files], { cwd }));
};

describeTool('python', () => {
  findsNothing(compile);
  finds(
    'a line that is not Python',
    (directory) => edit(directory, 'app/main.py', (text) => `${text}def broken(:\n`),
    compile,
    /SyntaxError/,
  );
});
