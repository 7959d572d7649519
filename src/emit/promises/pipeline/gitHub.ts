import { at, isList, isMap, listIn, mapIn, textAt, type Yaml, type YamlMap } from '../yaml.ts';
import { imagesStarted, isDigest } from './images.ts';

/** What of a pipeline is not as it was looked at. */
export type Verdict = {
  readonly actions: readonly string[];
  readonly images: readonly string[];
  readonly other: readonly string[];
};

const docker = 'docker://';
const commit = /^[^@]+@[0-9a-f]{40}$/;

/** Every action, wherever it is named: of a step, or the workflow that a job is. */
const usesIn = (value: Yaml | undefined): readonly string[] => {
  if (isList(value)) return value.flatMap(usesIn);
  if (!isMap(value)) return [];
  return [...value].flatMap(([key, inside]) => (key === 'uses' ? [String(inside)] : usesIn(inside)));
};

/** `container: image`, `container: {image: …}`. */
const imageOf = (value: Yaml | undefined): readonly string[] => {
  const image = typeof value === 'string' ? value : textAt(value, 'image');
  return image === '' ? [] : [image];
};

const imagesOf = (job: YamlMap): readonly string[] => [
  ...imageOf(job.get('container')),
  ...[...mapIn(job.get('services')).values()].flatMap(imageOf),
  ...listIn(job.get('steps')).flatMap((step) => imagesStarted(textAt(step, 'run'))),
];

const rights: readonly Yaml[] = ['none', 'read', 'write'];
/** Every scope by its name, so that nothing is granted which nobody has read. */
const isNamed = (permissions: Yaml): boolean =>
  isMap(permissions) && [...permissions.values()].every((right) => rights.includes(right));

/** A workflow of GitHub. */
export const inGitHub = (workflow: Yaml): Verdict => {
  const jobs = [...mapIn(at(workflow, 'jobs'))].map(([name, job]) => [name, mapIn(job)] as const);
  const uses = usesIn(workflow);
  const inDocker = uses.filter((one) => one.startsWith(docker)).map((one) => one.slice(docker.length));
  const images = [...inDocker, ...jobs.flatMap(([, job]) => imagesOf(job))];
  const opening = at(workflow, 'permissions');
  const isClosed = isMap(opening) && opening.size === 0;
  const wide = jobs.filter(([, job]) => job.has('permissions') && !isNamed(job.get('permissions') ?? null));
  return {
    actions: uses.filter((one) => !one.startsWith(docker) && !commit.test(one)),
    images: images.filter((image) => !isDigest(image)),
    other: [
      ...(isClosed ? [] : ['does not begin with no permissions']),
      ...wide.map(([name]) => `gives the job ${name} permissions without naming each`),
    ],
  };
};
