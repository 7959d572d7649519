import assert from 'node:assert/strict';
import { toolImage } from './image.ts';

const tools = ['observatory', 'testssl', 'sslscan', 'chromium', 'curl'] as const;
export type Tool = (typeof tools)[number];

/** Tools that whoever started the suite leaves out by name; a name that is none of ours would skip nothing, silently. */
const skipped = new Set((process.env.COMICPILE_SKIP_TOOLS ?? '').split(/[\s,]+/).filter(Boolean));
for (const name of skipped) {
  assert.ok(
    (tools as readonly string[]).includes(name),
    `COMICPILE_SKIP_TOOLS: ${name} is none of ${tools.join(', ')}`,
  );
}

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
