import { edit } from './projects.ts';
import { describeTool, finds, findsNothing, type Look } from './promise.ts';
import { run, type Tool } from './toolbox.ts';

// A list of findings, empty or not: an exit code alone would not tell a finding from a configuration it cannot read.
const look =
  (tool: Tool, ...options: string[]): Look =>
  async (cwd) => {
    const { stdout, output } = await run(tool, [...options, '--format', 'json', 'nginx/nginx.conf'], { cwd });
    return stdout.trim() === '[]' ? '' : output || 'no report';
  };

const oneHeaderOfItsOwn = '\nlocation /own { add_header X-Own 1; return 204; }\n';

for (const [tool, judge] of [
  ['gixy-ng', look('gixy-ng', '--nginx-version', '1.30.6')],
  ['gixy-next', look('gixy-next')],
] as const) {
  describeTool(tool, () => {
    findsNothing(judge);
    for (const file of ['nginx/sites/site.conf', 'nginx/snippets/security-headers.conf']) {
      finds(
        `a location that drops the inherited headers, in ${file}`,
        (directory) =>
          edit(directory, file, (text) =>
            file === 'nginx/sites/site.conf'
              ? text.replace(/^ +location \/ \{\n +proxy_pass/m, `${oneHeaderOfItsOwn}$&`)
              : text + oneHeaderOfItsOwn,
          ),
        judge,
        /add_header_redefinition/,
      );
    }
  });
}
