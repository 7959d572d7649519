import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, type SetName, setNames, spoilt } from './projects.ts';
import { isMissing, skipped, type Tool, whereIs } from './toolbox.ts';

/** What a tool says about a project; empty when it has nothing to say against it. */
export type Look = (directory: string) => Promise<string>;

/** Of a tool that takes seconds and reads that one file alone: what it said of a text it says of the same in another project. */
export const lookAtOne = (path: string, judge: Look): Look => {
  const said = new Map<string, Promise<string>>();
  return (directory) => {
    const text = readFileSync(join(directory, path), 'utf8');
    const known = said.get(text) ?? judge(directory);
    said.set(text, known);
    return known;
  };
};

const requireProgram = async (tool: Tool): Promise<void> => assert.ok(whereIs(tool).length > 0, isMissing(tool));

/** The tests of one tool: they fail with its name when it is missing, and are pending when it was left out by name. */
export const describeTool = (tool: Tool, body: () => void, require = requireProgram): void => {
  if (skipped.has(tool)) {
    describe.skip(`${tool} (left out by COMICPILE_SKIP_TOOLS)`, body);
    return;
  }
  describe(tool, () => {
    before(`${tool} is there`, () => require(tool));
    body();
  });
};

/** One test for each set of answers: all that the tool says is in the message. */
export const findsNothing = (look: Look, sets: readonly SetName[] = setNames): void => {
  for (const name of sets) {
    it(`finds nothing in ${name}`, async () => {
      const found = await look(await project(name));
      assert.ok(found === '', `found in ${name}:\n${found}`);
    });
  }
};

/** The control: the same look at a spoilt project must find the fault, or `finds nothing` proves nothing. */
export const finds = (
  fault: string,
  spoil: (directory: string) => void,
  look: Look,
  complaint: RegExp,
  name?: SetName,
): void => {
  it(`finds ${fault}`, async () => assert.match(await look(await spoilt(spoil, name)), complaint));
};
