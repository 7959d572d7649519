import { everyDirective } from './nginx.ts';
import { isNginx } from './parsedFiles.ts';
import { production } from './productionFiles.ts';
import type { Promised } from './promised.ts';

/** Every upstream is a service of the production stack, on the port that the app listens on. */
export const nginxUpstreams: Promised = (set, { app }) => {
  const { services } = set.compose(production);
  const upstreams = set.files
    .filter(({ artifact: { to } }) => isNginx(to))
    .flatMap(({ artifact: { to } }) => everyDirective(set.nginx(to)))
    .flatMap(({ directive: { words, block }, inside }) =>
      words[0] === 'server' && block === undefined && inside.at(-1) === 'upstream' ? [words[1] ?? ''] : [],
    );
  if (upstreams.length === 0) return ['nginx passes requests to no upstream'];
  return [...new Set(upstreams)].flatMap((upstream) => {
    const [, service = '', port = '80'] = /^([^:]*)(?::(\d+))?$/.exec(upstream) ?? [];
    if (!services.has(service)) {
      return [`nginx passes to ${upstream}, but docker-compose.prod.yml has no service ${service}`.trimEnd()];
    }
    return Number(port) === app.port ? [] : [`nginx passes to ${upstream}, but the app listens on ${app.port}`];
  });
};
