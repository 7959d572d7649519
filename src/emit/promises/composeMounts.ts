import type { Promised } from './promised.ts';
import { inProject, mountsOf } from './service/mounts.ts';
import { mapIn, textAt } from './yaml.ts';

const composeFiles = ['docker-compose.yml', 'docker-compose.prod.yml', 'docker-compose.monitoring.yml'];

/**
 * Docker makes an empty folder of a bind mount's missing source, unless the mount forbids it; each other source must be
 * emitted, in it or as it. So must what a secret or a configuration is read from.
 */
export const composeMounts: Promised = (set, { app }) =>
  composeFiles.flatMap((file) => {
    const { top, services } = set.compose(file);
    const env = set.env(file === 'docker-compose.yml' ? '.env' : '.env.production');
    const mounted = [...services.values()]
      .flatMap((service) => mountsOf(service, env))
      .filter(({ isBind, makesSource }) => isBind && makesSource)
      .map(({ source }) => source);
    const read = ['secrets', 'configs'].flatMap((kind) =>
      [...mapIn(top.get(kind)).values()].map((one) => textAt(one, 'file')).filter((path) => path !== ''),
    );
    return [...new Set([...mounted, ...read].map(inProject))]
      .filter((path) => path !== undefined && path !== '.')
      .filter((path) => !app.sources.some((source) => source === path))
      .filter((path) => !set.files.some(({ artifact: { to } }) => to === path || to.startsWith(`${path}/`)))
      .map((path) => `${file} mounts ./${path}, which nobody emits`);
  });
