import type { Stack } from '../../model/stack.ts';
import { type Directive, everyDirective, readNginx, wordsOf } from './nginx.ts';
import { everyBlock, nginxTree, own, type Sited } from './nginxTree.ts';
import { isNginx } from './parsedFiles.ts';
import type { Promised } from './promised.ts';
import { publicServers } from './publicServers.ts';
import type { RenderedSet } from './renderedSet.ts';

const snippet = (name: string): string => `nginx/snippets/${name}.conf`;
const site = 'nginx/sites/site.conf';
const shared = 'snippets/security-headers.conf';

/** The words of all directives of that name that stand in no block. */
const outside = (directives: readonly Directive[], name: string): readonly string[] =>
  directives.flatMap(({ words, block }) =>
    words[0] === name && block === undefined ? [words.slice(1).join('\n')] : [],
  );

/** A directive as the model prints it, read as the file is. */
const asRead = (printed: string): Directive => {
  const read = readNginx(printed);
  return (read.problem === undefined ? read.value[0] : undefined) ?? { words: [printed] };
};
const wordsAsRead = (printed: string): string => asRead(printed).words.slice(1).join('\n');

/** Each header once, with its value; a second line of the same name would be sent as well. */
const headersOf = (set: RenderedSet, { headers }: Stack): readonly string[] => {
  const file = snippet('security-headers');
  const sent = outside(set.nginx(file), 'add_header');
  const everywhere = wordsOf(set.nginx(file), 'add_header').map(([name = '']) => name.toLowerCase());
  return headers
    .filter(({ name, printed }) => {
      const isSent = sent.includes(wordsAsRead(`add_header ${name} ${printed} always;`));
      return !isSent || everywhere.filter((one) => one === name.toLowerCase()).length > 1;
    })
    .map(({ name }) => `${file} does not send ${name} as decided`);
};

const zonesOf = (set: RenderedSet, { limits }: Stack): readonly string[] => {
  const file = snippet('rate-limits');
  const applied = outside(set.nginx(file), 'limit_req');
  return limits.zones
    .filter(({ name, burst }) => !applied.includes(wordsAsRead(`limit_req zone=${name} burst=${burst} nodelay;`)))
    .map(({ name }) => `${file} does not apply the zone ${name}`);
};

/** What TLS is, where it belongs, and nowhere as anything else. */
const tlsOf = (set: RenderedSet, { tls }: Stack): readonly string[] => {
  const file = snippet('tls');
  const decided = {
    ssl_protocols: [tls.protocols, `the protocols ${tls.protocols}`],
    ...(tls.hasCiphers ? { ssl_ciphers: [tls.ciphers, 'the ciphers of the profile'] } : {}),
  } as const;
  return Object.entries(decided).flatMap(([name, [value, what]]) => {
    const wanted = wordsAsRead(`${name} ${value};`);
    const here = outside(set.nginx(file), name).includes(wanted) ? [] : [file];
    const others = set.files
      .map(({ artifact: { to } }) => to)
      .filter(isNginx)
      .filter((to) => wordsOf(set.nginx(to), name).some((words) => words.join('\n') !== wanted));
    return [...new Set([...here, ...others])].map((to) => `${to} does not have ${what}`);
  });
};

/** What is not for plain HTTP has its value over TLS, and none without. */
const overTlsOf = (set: RenderedSet, { headersOfTls }: Stack): readonly string[] => {
  const file = snippet('header-values');
  const maps = everyDirective(set.nginx(file)).map(({ directive }) => directive);
  return headersOfTls
    .filter(({ variable, value }) => {
      const own = maps.filter(({ words }) => words[0] === 'map' && words[2] === `$${variable}`);
      const wanted = asRead(`map $https $${variable} { default ''; on "${value}"; }`);
      return own.length !== 1 || JSON.stringify(own[0]) !== JSON.stringify(wanted);
    })
    .map(({ name }) => `${file} does not have the value of ${name} over TLS alone`);
};

/** Every server of the site sends the headers, and no block in one drops them: one add_header in a level drops all that it would inherit. */
const sitesOf = (set: RenderedSet, { headers }: Stack): readonly string[] => {
  const servers = publicServers(nginxTree(set));
  const names = (server: Sited) => own(server, 'add_header').map(({ words }) => (words[1] ?? '').toLowerCase());
  const bare = servers.filter((server) => headers.some(({ name }) => !names(server).includes(name.toLowerCase())));
  const dropping = servers
    .flatMap((server) => everyBlock(server.block ?? []))
    .flatMap(({ block }) => own(block, 'add_header'));
  return [
    ...(servers.some(({ file }) => file === site) ? [] : [`${site} has no server`]),
    ...new Set(bare.map(({ file }) => `${file} does not include ${shared}`)),
    ...new Set(dropping.map(({ file }) => `${file} has add_header in a location`)),
  ];
};

/** What SECURITY.md says of the edge stands in its files: each header, each zone, the protocols and ciphers. */
export const edgeKeeps: Promised = (set, stack) => [
  ...headersOf(set, stack),
  ...zonesOf(set, stack),
  ...tlsOf(set, stack),
  ...overTlsOf(set, stack),
  ...sitesOf(set, stack),
];
