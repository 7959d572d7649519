import { edgeErrorCodes } from '../../policy/errors.ts';
import { nginxTree, own, type Sited } from './nginxTree.ts';
import type { Promised } from './promised.ts';
import { publicServers } from './publicServers.ts';

/** The errors that lead to a path in this block; a block with an error_page of its own has none of those around it. */
const leading = (block: Sited, around: ReadonlySet<string>): ReadonlySet<string> => {
  const pages = own(block, 'error_page').map(({ words }) => words.slice(1));
  if (pages.length === 0) return around;
  return new Set(pages.filter((words) => !isNamed(words.at(-1) ?? '')).flatMap((words) => words.slice(0, -1)));
};

const isNamed = (location: string): boolean => location.startsWith('@');
const isError = (code: string): boolean => /^[45]\d\d$/.test(code);

/** Whether a directive answers before requests are counted, which is after all rewriting. */
const isEarly = ({ words: [name, ...rest] }: Sited, errors: ReadonlySet<string>): boolean => {
  const [first = '', second] = rest;
  if (name === 'rewrite')
    return /^(?:redirect|permanent)$/.test(rest[2] ?? '') || /^(?:https?:|\$scheme)/.test(second ?? '');
  if (name !== 'return') return false;
  // 444 closes the connection: there is no cheaper answer.
  return second !== undefined || !(first === '444' || (isError(first) && errors.has(first)));
};

/** All that answers early; a named location is reached after the counting, since no error_page may lead to it. */
const early = (block: Sited, around: ReadonlySet<string>): readonly Sited[] => {
  const errors = leading(block, around);
  return (block.block ?? []).flatMap((directive) => {
    if (directive.block === undefined) return isEarly(directive, errors) ? [directive] : [];
    const isAfter = directive.words[0] === 'location' && isNamed(directive.words[1] ?? '');
    return isAfter ? [] : early(directive, errors);
  });
};

const namedPages = (block: Sited): readonly Sited[] => [
  ...own(block, 'error_page').filter(({ words }) => isNamed(words.at(-1) ?? '')),
  ...(block.block ?? []).flatMap((inner) => (inner.block === undefined ? [] : namedPages(inner))),
];

const shown = ({ words }: Sited): string => words.join(' ').slice(0, 60);

/**
 * Whatever a client gets has been counted by the limits, errors and redirects too: they are looked at after all rewriting, where
 * `return` would have answered already. https://nginx.org/en/docs/dev/development_guide.html#http_phases
 */
export const limitsReach: Promised = (set) => {
  const offences = publicServers(nginxTree(set)).flatMap((server) => {
    const errors = leading(server, new Set());
    const missing = edgeErrorCodes.map(String).filter((code) => !errors.has(code));
    return [
      ...(missing.length > 0 ? [`${server.file}: no error_page leads ${missing.join(', ')} to a path`] : []),
      ...namedPages(server).map(
        ({ file, words }) => `${file}: error_page leads to ${words.at(-1)}, past the limits: a path must be in between`,
      ),
      ...early(server, errors).map(
        (answer) =>
          `${answer.file}: \`${shown(answer)}\` is before the limits: put it into a location @name, and \`try_files "" @name;\` here`,
      ),
    ];
  });
  return [...new Set(offences)];
};
