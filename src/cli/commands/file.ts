import type { Door } from '../../base/door.ts';
import { existingSecrets } from '../../model/existingSecrets.ts';
import { type Choice, gather, renderFor } from '../pipeline.ts';
import type { Request } from '../request.ts';
import { generate } from './generate.ts';

/** Prints the path of each file that these answers give, and its owner. */
const list = async (door: Door, request: Request): Promise<number> => {
  const { directory } = request;
  const gathered = await gather(door, { ...request, yes: true, askAnswered: false, writes: false });
  const everything = ({ files }: Choice) => files.map(({ artifact }) => artifact.to);
  const { files } = await renderFor(directory, everything, gathered, existingSecrets(directory));
  const width = Math.max(...files.map(({ artifact }) => artifact.to.length));
  for (const { artifact } of files) door.say(`${artifact.to.padEnd(width)}  ${artifact.owner}`);
  return 0;
};

/** `comicpile file`: generates the named files alone, by the rules of a generation; --list prints which there are. */
export const file = (door: Door, request: Request, paths: readonly string[]): Promise<number> =>
  request.list ? list(door, request) : generate(door, { ...request, paths });
