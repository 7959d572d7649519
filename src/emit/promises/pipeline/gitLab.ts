import { isList, isMap, listIn, mapIn, textAt, type Yaml, type YamlMap } from '../yaml.ts';
import type { Verdict } from './gitHub.ts';
import { imagesStarted, isDigest } from './images.ts';

const scripts = ['before_script', 'script', 'after_script'];

/** `image: name`, `image: {name: …}`. */
const imageOf = (value: Yaml | undefined): readonly string[] => {
  const image = typeof value === 'string' ? value : textAt(value, 'name');
  return image === '' ? [] : [image];
};

/** The lines of a script: one, or a list of them, of lists too. */
const linesOf = (value: Yaml | undefined): readonly string[] =>
  isList(value) ? value.flatMap(linesOf) : typeof value === 'string' ? [value] : [];

const imagesOf = (job: YamlMap): readonly string[] => [
  ...imageOf(job.get('image')),
  ...listIn(job.get('services')).flatMap(imageOf),
  ...scripts.flatMap((key) => linesOf(job.get(key)).flatMap(imagesStarted)),
];

const commit = /^[0-9a-f]{40}$/;

/** Files of this project, of a commit, or of GitLab itself; what anybody can change under the same name is said. */
const looseIn = (included: Yaml | undefined): readonly string[] =>
  (isList(included) ? included : [included ?? []].flat()).flatMap((one) => {
    if (typeof one === 'string') return /^(?:https?:)?\/\//i.test(one) ? [one] : [];
    if (textAt(one, 'local') !== '' || textAt(one, 'template') !== '') return [];
    if (textAt(one, 'project') !== '') return commit.test(textAt(one, 'ref')) ? [] : [textAt(one, 'project')];
    if (textAt(one, 'component') !== '') {
      return commit.test(textAt(one, 'component').split('@')[1] ?? '') ? [] : [textAt(one, 'component')];
    }
    const remote = textAt(one, 'remote');
    return remote !== '' && textAt(one, 'integrity').startsWith('sha256-') ? [] : [remote];
  });

/** A pipeline of GitLab: its jobs, what all of them have by default, and what it includes. */
export const inGitLab = (pipeline: Yaml): Verdict => {
  const all = mapIn(pipeline);
  const jobs = [all, ...[...all.values()].filter(isMap)];
  const included = [all.get('include'), ...jobs.map((job) => mapIn(job.get('trigger')).get('include'))];
  return {
    actions: included.flatMap(looseIn),
    images: jobs.flatMap(imagesOf).filter((image) => !isDigest(image)),
    other: [],
  };
};
