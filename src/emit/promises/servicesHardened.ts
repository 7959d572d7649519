import type { Rule } from './rule.ts';
import { composeServices, productionFiles, textOf, withoutComments } from './text.ts';

const inAnchor = [/^ {2}read_only: true$/m, /^ {2}cap_drop:\n {4}- ALL$/m, /^ {4}- no-new-privileges:true$/m];
const limits = ['cpus', 'memory', 'pids'];
// What would take back a part of the anchor, or reach past the container.
const taken =
  /^ {4,}(?:- )?(privileged: true|read_only: false|cap_add:|security_opt:|devices:|(?:network_mode|pid|ipc|uts|userns_mode|cgroup): ["']?host|.*\bdocker\.sock\b)/m;

// Runs to an end, and is not started by `up` alone.
const once = /^ {4}restart: ["']?no["']?$/m;
const number = /^ {4}user: ["']?(?:[1-9][0-9]*:[1-9][0-9]*["']?$|\$\{)/m;

const added: ReadonlySet<string | undefined> = new Set(['volumes', 'networks']);

/**
 * Every service of production has the anchor `hardened` and takes nothing of it back, has limits, a health check and a
 * numeric user, and only nginx publishes ports: CIS Docker Benchmark 4.1, 4.6, 5.4, 5.5, 5.11, 5.12, 5.13, 5.26, 5.29, 5.32.
 */
export const servicesHardened: Rule = (files) => {
  const [production] = productionFiles;
  const own = composeServices(withoutComments(textOf(files, production)));
  return productionFiles
    .filter((file) => file === production || textOf(files, file) !== '')
    .flatMap((file) => offencesOf(file, withoutComments(textOf(files, file)), file === production ? undefined : own));
};

/** `extended`: the services that are defined elsewhere, so that this file may only add to them. */
const offencesOf = (file: string, text: string, extended?: ReadonlyMap<string, string>): readonly string[] => {
  const anchor = /^x-hardened: &hardened\n((?:(?: .*)?\n)*)/m.exec(text)?.[1] ?? '';
  const broken = inAnchor.filter((line) => !line.test(anchor)).map(() => `${file}: x-hardened lacks a line of ours`);
  const services = [...composeServices(text)].flatMap(([service, body]) => {
    const back = taken.exec(body)?.[1];
    if (extended?.has(service)) {
      const other = [...body.matchAll(/^ {4}([a-z_]+):/gm)].map(([, key]) => key).filter((key) => !added.has(key));
      const changed = [...other, ...(back === undefined ? [] : [back])];
      return changed.map((key) => `${file}: ${service} may only get volumes and networks here, not \`${key}\``);
    }
    return [
      ...(/^ {4}<<: \*hardened$/m.test(body) ? [] : [`${file}: ${service} has no \`<<: *hardened\``]),
      ...(back === undefined ? [] : [`${file}: ${service} has \`${back}\``]),
      ...(service !== 'nginx' && /^ {4}ports:/m.test(body) ? [`${file}: ${service} publishes ports`] : []),
      ...(once.test(body) || /^ {4}healthcheck:$/m.test(body) ? [] : [`${file}: ${service} has no health check`]),
      ...(once.test(body) || number.test(body) ? [] : [`${file}: ${service} has no numeric user`]),
      ...limits
        .filter((limit) => !new RegExp(`^ {10}${limit}: `, 'm').test(body))
        .map((limit) => `${file}: ${service} has no limit of ${limit}`),
    ];
  });
  return [...new Set([...broken, ...services])];
};
