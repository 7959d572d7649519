import type { Compose, RenderedSet } from './renderedSet.ts';

export const production = 'docker-compose.prod.yml';
const monitoring = 'docker-compose.monitoring.yml';

/** The compose files of production; the second is there only with monitoring. */
export const productionFiles = (set: RenderedSet): readonly Compose[] =>
  [production, monitoring].filter((file) => file === production || set.text(file) !== '').map(set.compose);
