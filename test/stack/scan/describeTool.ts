import { skippedTools } from '../../skippedTools.ts';
import { toolImage } from './image.ts';

const tools = ['observatory', 'testssl', 'sslscan', 'chromium', 'curl'] as const;
export type Tool = (typeof tools)[number];

const skipped = skippedTools(tools);

/** The tests of one tool in its image: they fail where that cannot be built, and are pending when left out by name. */
export const describeTool = (tool: Tool, what: string, body: () => void): void => {
  if (skipped.has(tool)) {
    describe.skip(`${tool}: ${what} (left out by COMICPILE_SKIP_TOOLS)`, body);
    return;
  }
  describe(`${tool}: ${what}`, () => {
    before('the tools are there', async function () {
      this.timeout(1_600_000);
      await toolImage().catch((error: Error) => {
        throw new Error(`The image of the tools cannot be built. Leave them out by name, such as
COMICPILE_SKIP_TOOLS=${tools.join(',')}, or mend this:\n${error.message}`);
      });
    });
    body();
  });
};
