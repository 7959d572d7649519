import type { Rule } from './rule.ts';
import { textOf, withoutComments } from './text.ts';

const nginx = (files: Parameters<Rule>[0], to: string) => withoutComments(textOf(files, `nginx/${to}.conf`));

/** What SECURITY.md says of the edge stands in its files: each header, each zone, the protocols and ciphers. */
export const edgeKeeps: Rule = (files, { headers, limits, tls }) => {
  const [sent, zones, protocols] = ['security-headers', 'rate-limits', 'tls'].map((name) =>
    nginx(files, `snippets/${name}`),
  );
  const offences = headers
    .filter(({ name, printed }) => !sent?.includes(`add_header ${name} ${printed} always;`))
    .map(({ name }) => `nginx/snippets/security-headers.conf does not send ${name} as decided`);
  for (const { name, burst } of limits.zones) {
    if (!new RegExp(`^limit_req zone=${name} burst=${burst} nodelay;$`, 'm').test(zones ?? '')) {
      offences.push(`nginx/snippets/rate-limits.conf does not apply the zone ${name}`);
    }
  }
  if (!new RegExp(`^ssl_protocols +${tls.protocols};$`, 'm').test(protocols ?? '')) {
    offences.push(`nginx/snippets/tls.conf does not have the protocols ${tls.protocols}`);
  }
  if (tls.hasCiphers && !protocols?.includes(`ssl_ciphers ${tls.ciphers};`)) {
    offences.push('nginx/snippets/tls.conf does not have the ciphers of the profile');
  }
  if (!/^ *include snippets\/security-headers\.conf;$/m.test(nginx(files, 'sites/site'))) {
    offences.push('nginx/sites/site.conf does not include snippets/security-headers.conf');
  }
  for (const { artifact, text } of files.filter(({ artifact: { to } }) => to.startsWith('nginx/sites/'))) {
    // One add_header in a level drops all that it would inherit.
    if (/^ {8,}add_header /m.test(withoutComments(text))) offences.push(`${artifact.to} has add_header in a location`);
  }
  return offences;
};
