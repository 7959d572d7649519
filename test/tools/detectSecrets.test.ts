import { checkoutOfNew } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { putAccessKey } from './secretLike.ts';
import { run } from './toolbox.ts';

type Report = { readonly results: Readonly<Record<string, readonly { type: string; line_number: number }[]>> };

// The exceptions: in .yo-rc.json, which can have no pragma, these are questions. How secrets are delivered, and what the app
// calls the variables that it reads them from.
const notASecret = '^ *"(secrets": "(env|files)|secretKeyVariables": "(detect|none|[A-Z_ ,]*))",?$';

const fresh = checkoutOfNew();

// It scans what git tracks, and ends with 0 whatever it finds.
const look: Look = async (directory) => {
  const cwd = await fresh(directory);
  const { exitCode, stdout, output } = await run(
    'detect-secrets',
    ['scan', '--no-verify', '--exclude-lines', notASecret],
    { cwd },
  );
  if (exitCode !== 0) return output || `exit code ${exitCode}`;
  return Object.entries((JSON.parse(stdout) as Report).results)
    .flatMap(([path, found]) => found.map(({ type, line_number }) => `${path}:${line_number} ${type}`))
    .join('\n');
};

describeTool('detect-secrets', () => {
  findsNothing(look);
  finds('a key of a cloud', putAccessKey, look, /app\/storage\.py:1 AWS Access Key/);
});
