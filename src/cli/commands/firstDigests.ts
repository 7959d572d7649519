import type { Door } from '../../base/door.ts';
import { programFor } from '../../base/program.ts';
import { type Digests, readDigests } from '../../policy/digests.ts';
import type { Gathered } from '../pipeline.ts';

const byTag = (why: string, door: Door): string =>
  `The images are named by their tags (${why}): \`${door.run('images update')}\` pins them by digest.`;

/**
 * The digests of a new project's images, so that its first files have them already; undefined where it has some, and, with a line
 * that says why, where a registry was not reached: nobody waits long for it, as the tags work too.
 */
export const firstDigests = async (door: Door, directory: string, gathered: Gathered): Promise<Digests | undefined> => {
  if (Object.keys(readDigests(directory)).length > 0) return undefined;
  if (programFor(directory, 'docker') === undefined) {
    door.say(byTag('docker is not installed here', door));
    return undefined;
  }
  const [{ namedIn }, { resolveAll }, { agreeToDigests }] = await Promise.all([
    import('./images.ts'),
    import('./registry.ts'),
    import('../../team/trust.ts'),
  ]);
  const refs = (await namedIn(directory, gathered)).filter((ref) => !ref.includes('@'));
  door.say('Asking the registries for the digests of the images …');
  const { digests, problems } = await resolveAll(directory, refs, { seconds: 15, all: false });
  if (problems[0] === undefined) {
    agreeToDigests(directory, digests);
    return digests;
  }
  door.say(byTag(problems[0], door));
  return undefined;
};
