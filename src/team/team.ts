import { type Question, questionKeys } from '../answers/questions.ts';
import type { PackName } from '../answers/values.ts';
import { parseJson, readText } from '../base/files.ts';
import { Refusal } from '../base/refusal.ts';
import type { Rename } from '../changes/renames.ts';
import { type Artifact, artifacts } from '../emit/catalogue.ts';
import type { Promised } from '../emit/promises/promised.ts';
import { builtIn, projectTemplates, type Source } from '../emit/sources.ts';
import type { PolicyData } from '../policy/overrides.ts';
import { ourPolicy, type Policy } from '../policy/policy.ts';
import { strangeIn } from './ownFolder.ts';
import type { Pack } from './pack.ts';

/** All that a team has put beside what is built in, decided for one run. */
export type Team = {
  /** In the order of .yo-rc.json. */
  readonly packs: readonly Pack[];
  /** Where templates come from, the first that has one wins. */
  readonly sources: readonly Source[];
  readonly catalogue: readonly Artifact[];
  /** What packs ask, by the key of the answer. */
  readonly questions: Readonly<Record<string, Question>>;
  /** What packs promise beside us, by its words. */
  readonly promises: Readonly<Record<string, Promised>>;
  readonly policy: Policy;
  /** Images that the project itself names, and those that each pack names, by their name in the policy. */
  readonly ownImages: Policy['images'];
  readonly packImages: Readonly<Record<string, Policy['images']>>;
  readonly renames: readonly Rename[];
};

const policyFile = '.comicpile/policy.json';

type Said = Pick<Team, 'policy' | 'ownImages' | 'packImages'>;

const policyOf = async (packs: readonly Pack[], text: string, problems: string[]): Promise<Said> => {
  const { overridden } = await import('../policy/overrides.ts');
  // The last word is the project's, the word before that is the first pack's.
  const ofPacks = [...packs].reverse().reduce((policy, { name, manifest }) => {
    const say = (path: string, problem: string) => problems.push(`${name}: policy.${path}: ${problem}`);
    return overridden(policy, manifest.policy ?? {}, say);
  }, ourPolicy);
  const silent = () => {};
  const imagesIn = (data: PolicyData) => overridden(ourPolicy, data, silent).images;
  const packImages = Object.fromEntries(packs.map(({ name, manifest }) => [name, imagesIn(manifest.policy ?? {})]));
  if (text === '') return { policy: ofPacks, ownImages: {}, packImages };
  const data = parseJson(policyFile, text);
  const { problemsOf } = await import('./schema.ts');
  const shape = problemsOf('policy', data);
  problems.push(...shape.map((problem) => `${policyFile}: ${problem}`));
  if (shape.length > 0) return { policy: ofPacks, ownImages: {}, packImages };
  const policy = overridden(ofPacks, data, (path, problem) => problems.push(`${policyFile}: ${path}: ${problem}`));
  return { policy, ownImages: imagesIn(data), packImages };
};

const promisesOf = async (
  packs: readonly Pack[],
  say: (pack: Pack, problem: string) => void,
): Promise<Team['promises']> => {
  if (packs.every(({ manifest }) => (manifest.promises ?? []).length === 0)) return {};
  const { patience, patternProblems, promisedBy } = await import('./patterns.ts');
  const time = patience();
  const rows = packs.flatMap((pack) =>
    (pack.manifest.promises ?? []).flatMap((given) => {
      const problems = patternProblems(given);
      for (const problem of problems) say(pack, `promises: ${given.promise}: ${problem}`);
      return problems.length > 0 ? [] : [[`${given.promise} (of ${pack.name})`, promisedBy(given, time)] as const];
    }),
  );
  return Object.fromEntries(rows);
};

/** What these packs and the project's own folder bring; refuses what is wrong, all at once. Reads, never fetches. */
export const loadTeam = async (directory: string, names: readonly PackName[]): Promise<Team> => {
  const strange = strangeIn(directory);
  if (strange.length > 0) throw new Refusal('These templates cannot be used (nothing was written):', strange);
  const policyText = readText(directory, policyFile);
  const own: Source = { name: projectTemplates, root: directory, folder: projectTemplates };
  if (names.length === 0 && policyText === '') {
    const none = { packs: [], questions: {}, promises: {}, renames: [] };
    const said = { policy: ourPolicy, ownImages: {}, packImages: {} };
    return { ...none, ...said, sources: [own, builtIn()], catalogue: artifacts };
  }
  const { loadPack } = await import('./pack.ts');
  const { catalogueOf } = await import('./artifacts.ts');
  const { questionsOf } = await import('./answers.ts');
  const packs = names.map((name) => loadPack(directory, name));
  const problems: string[] = [];
  const say = ({ name }: Pack, problem: string) => problems.push(`${name}: ${problem}`);
  const ids = packs.map(({ manifest }) => manifest.id);
  for (const pack of packs.filter(({ manifest }, index) => ids.indexOf(manifest.id) !== index)) {
    say(pack, `another pack has the id ${pack.manifest.id}`);
  }
  const questions = questionsOf(packs, say);
  for (const key of Object.keys(questions).filter((key) => questionKeys.some((own) => own === key))) {
    problems.push(`${key} is a question of this generator: give the pack another id`);
  }
  const team: Team = {
    packs,
    sources: [own, ...packs.map(({ name, root }) => ({ name, root, folder: 'templates' })), builtIn()],
    catalogue: catalogueOf(packs, say),
    questions,
    promises: await promisesOf(packs, say),
    ...(await policyOf(packs, policyText, problems)),
    renames: packs.flatMap(({ manifest }) => manifest.renames ?? []),
  };
  if (problems.length > 0) {
    throw new Refusal('What the team brings cannot be used (nothing was written):', problems);
  }
  return team;
};
