import { networkList, optionalFolder } from '../answers/edgeValues.ts';
import {
  domain,
  domainList,
  oneOf,
  optionalEmail,
  type Parse,
  port,
  rate,
  refuse,
  role,
  type Safe,
  size,
  slug,
  urlPath,
  whole,
  yamlWords,
} from '../answers/values.ts';

type Words = Safe<'words'>;

/** Letters, digits and single spaces, dots, hyphens or underscores between them: a name, a team, a version. */
const words: Parse<Words> = (raw) => {
  if (!/^[A-Za-z][A-Za-z0-9]*(?:[ ._-][A-Za-z0-9]+)*$/.test(raw) || raw.length > 80) {
    refuse(raw, 'is not plain words (letters, digits, single spaces, dots and hyphens; at most 80)', 'Payments team');
  }
  if (yamlWords.has(raw.toLowerCase())) refuse(raw, 'means something else in YAML', 'Payments team');
  return raw as Words;
};

export const onOff = ['on', 'off'] as const;

/** What a pack's question may ask for, by the name that its manifest gives; all but `choice`, which brings its own list. */
export const kinds = {
  count: whole(0, 1_000_000, '8'),
  domain,
  domains: domainList,
  email: optionalEmail,
  folder: optionalFolder,
  name: slug,
  networks: networkList,
  path: urlPath,
  port,
  rate,
  role,
  size,
  switch: (raw: string): boolean => oneOf(...onOff)(raw) === 'on',
  words,
} as const satisfies Record<string, Parse<unknown>>;
export type KindName = keyof typeof kinds | 'choice';
