import { artifacts } from '../catalogue.ts';
import { production, productionFiles } from './productionFiles.ts';
import type { Promised } from './promised.ts';
import type { Compose, RenderedSet } from './renderedSet.ts';
import { isAmount, isCount, isNumericUser, service as judged, top } from './service/allowed.ts';
import { type About, type Judge, yes } from './service/judge.ts';
import { at, isMap, listIn, mapIn, textAt, type Yaml, type YamlMap } from './yaml.ts';

const limits = { cpus: isAmount, memory: isAmount, pids: isCount } as const;
/** What the monitoring file may add to a service that production has. */
const added: ReadonlySet<string> = new Set(['volumes', 'networks']);

const guarded = artifacts.map(({ to }) => to).filter((to) => !to.endsWith('/.gitkeep'));

const isKept = (judge: Judge, value: Yaml | undefined, about: About): boolean =>
  value !== undefined && judge(value, '', about).length === 0;

/** What the anchor `hardened` gives a service, however it comes by it. */
const lacking = (service: YamlMap, about: About): readonly string[] => {
  const dropped = listIn(service.get('cap_drop')).map((one) => String(one).toUpperCase());
  const options = listIn(service.get('security_opt')).map(String);
  return [
    [isKept(yes, service.get('read_only'), about), '`read_only: true`'],
    [dropped.includes('ALL'), '`cap_drop: [ALL]`'],
    [options.some((one) => /^no-new-privileges(?:[:=]true)?$/.test(one)), '`security_opt: [no-new-privileges:true]`'],
    [isMap(service.get('logging')), '`logging`'],
    [service.has('init'), '`init`'],
  ].flatMap(([kept, what]) => (kept === true ? [] : [`lacks ${what} of the anchor hardened`]));
};

/** Whether it runs to an end, and is not started by `up` alone. */
const runsOnce = (service: YamlMap): boolean => textAt(service, 'restart') === 'no';

const offencesOf = (service: YamlMap, about: About): readonly string[] => {
  const isOnce = runsOnce(service);
  const given = at(service, 'deploy', 'resources', 'limits');
  return [
    ...judged(service, '', about).map((one) => `may not have \`${one}\``),
    ...lacking(service, about),
    ...(about.service !== 'nginx' && service.has('ports') ? ['publishes ports'] : []),
    ...(isOnce || mapIn(service.get('healthcheck')).size > 0 ? [] : ['has no health check']),
    ...(isOnce || isKept(isNumericUser, service.get('user'), about) ? [] : ['has no numeric user']),
    ...Object.entries(limits)
      .filter(([limit, judge]) => !isKept(judge, at(given, limit), about))
      .map(([limit]) => `has no limit of ${limit}`),
  ];
};

/** `extended`: the services that are defined elsewhere, so that this file may only add to them. */
const offencesIn = (set: RenderedSet, { file, top: all, services }: Compose, extended: ReadonlySet<string>) => {
  const about = {
    env: set.env('.env.production'),
    services: new Set([...services.keys(), ...extended]),
    guarded,
  };
  const odd = [...mapIn(all.get('services'))].filter(([, service]) => !isMap(service)).map(([name]) => name);
  const ofTop = top(all, '', { ...about, service: '' }).map((one) => `${file} may not have \`${one}\``);
  const ofServices = [...services].flatMap(([name, service]) => {
    const ofOne = { ...about, service: name };
    if (!extended.has(name)) return offencesOf(service, ofOne).map((one) => `${file}: ${name} ${one}`);
    const other = [...service.keys()].filter((key) => !added.has(key));
    return [
      ...other.map((key) => `${file}: ${name} may only get volumes and networks here, not \`${key}\``),
      ...judged(service, '', ofOne).map((one) => `${file}: ${name} may not have \`${one}\``),
    ];
  });
  return [...ofTop, ...odd.map((name) => `${file}: ${name} is no service`), ...ofServices];
};

/**
 * Every service of production has what the anchor `hardened` gives, limits, a health check and a numeric user, and nothing that is not
 * on the list of what it may have; only nginx publishes ports: CIS Docker Benchmark 4.1, 4.6, 5.4, 5.5, 5.11, 5.12, 5.13, 5.26, 5.29, 5.32.
 */
export const servicesHardened: Promised = (set) => {
  const own = new Set(set.compose(production).services.keys());
  const none: ReadonlySet<string> = new Set();
  const offences = productionFiles(set).flatMap((compose) =>
    offencesIn(set, compose, compose.file === production ? none : own),
  );
  const isEmpty = own.size === 0 && set.problem(production) === undefined;
  return [...new Set([...(isEmpty ? [`${production} has no service`] : []), ...offences])];
};
