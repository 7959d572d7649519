import type { Stack } from '../../model/stack.ts';
import { wordsOf } from './nginx.ts';
import { everyBlock, nginxTree, own, type Sited } from './nginxTree.ts';
import type { Promised } from './promised.ts';

/** What nginx says to the app of each request, by names in lower case; empty: nothing, whatever the client has sent. */
const decided = ({ claims, proxies }: Stack): ReadonlyMap<string, string> =>
  new Map([
    ...claims.flatMap(({ names }) => names.map((name) => [name.toLowerCase(), ''] as const)),
    ['x-forwarded-for', '$remote_addr'],
    ['x-real-ip', '$remote_addr'],
    ['x-forwarded-proto', 'https'],
    ['x-forwarded-host', proxies.hostVariable],
    ['host', proxies.hostVariable],
    ['x-forwarded-port', '443'],
    ['x-request-id', '$request_id'],
  ]);

/** The names that this block does not set as decided, or twice. */
const wrong = (block: Sited, wanted: ReadonlyMap<string, string>): readonly string[] => {
  const lines = own(block, 'proxy_set_header').map(({ words: [, name = '', value = ''] }) => [
    name.toLowerCase(),
    value,
  ]);
  return [...wanted].flatMap(([name, value]) => {
    const values = lines.filter(([one]) => one === name).map(([, one]) => one);
    return values.length === 1 && values[0] === value ? [] : [name];
  });
};

/** What would let names with an underscore in, which many an app takes for the same with a hyphen. */
const lax = [
  ['underscores_in_headers', 'on'],
  ['ignore_invalid_headers', 'off'],
] as const;

/**
 * No header by which a client says who it is, or what it asks for, reaches the app: each is set once at the level of http, and
 * a block that has a proxy_set_header of its own, which drops those, has all of them.
 */
export const claimsEnd: Promised = (set, stack) => {
  const tree = nginxTree(set);
  const wanted = decided(stack);
  const blocks = everyBlock(tree).map(({ block }) => block);
  const http = blocks.filter(({ words }) => words[0] === 'http');
  const open = http.flatMap((block) => wrong(block, wanted));
  const dropping = blocks.filter(
    (block) => !http.includes(block) && own(block, 'proxy_set_header').length > 0 && wrong(block, wanted).length > 0,
  );
  return [
    ...[...new Set(open)].map((name) => `the app is not told ${name} as decided, once, at the level of http`),
    ...dropping.map(({ file, words }) => `${file}: a proxy_set_header in \`${words.join(' ')}\` drops those of http`),
    ...lax.flatMap(([name, value]) =>
      wordsOf(tree, name).some((words) => words[0] === value) ? [`\`${name} ${value}\` lets in what is left out`] : [],
    ),
  ];
};
