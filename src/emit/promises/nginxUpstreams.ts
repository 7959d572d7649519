import type { Rule } from './rule.ts';
import { captures, composeServices, textOf, withoutComments } from './text.ts';

/** Every upstream is a service of the production stack, on the port that the app listens on. */
export const nginxUpstreams: Rule = (files, { app }) => {
  const services = composeServices(textOf(files, 'docker-compose.prod.yml'));
  const upstreams = files
    .filter(({ artifact }) => artifact.to.startsWith('nginx/'))
    .flatMap(({ text }) => captures(withoutComments(text), /^\s*server\s+([a-z][\w.-]*:\d+)/gm));
  if (upstreams.length === 0) return ['nginx passes requests to no upstream'];
  return upstreams.flatMap((upstream) => {
    const [service = '', port] = upstream.split(':');
    if (!services.has(service))
      return [`nginx passes to ${upstream}, but docker-compose.prod.yml has no service ${service}`];
    return Number(port) === app.port ? [] : [`nginx passes to ${upstream}, but the app listens on ${app.port}`];
  });
};
