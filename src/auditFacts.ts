import type { Rate } from './values.ts';

type Known = {
  readonly healthPath: string;
  readonly workers: readonly { readonly service: string; readonly hasHealth: boolean }[];
  readonly required: readonly string[];
  readonly headers: readonly { readonly name: string }[];
  /** What all paths have that no other zone is for. */
  readonly limit: { readonly rate: Rate; readonly burst: number };
};

const perSecond = (rate: Rate): number => {
  const [count = '1', unit] = rate.split('r/');
  return Number(count) / (unit === 'm' ? 60 : 1);
};

/** What scripts/audit.sh is told of this deployment. */
export const buildAuditFacts = ({ healthPath, workers, required, headers, limit }: Known) => ({
  healthPath: healthPath === '' ? '/' : healthPath,
  servicesWithoutHealth: workers
    .filter(({ hasHealth }) => !hasHealth)
    .map(({ service }) => service)
    .join(' '),
  required: required.join(' '),
  headers: headers.map(({ name }) => name).join(' '),
  /** Requests at once that must be more than the limit lets through, even where a second passes meanwhile. */
  burst: Math.min(500, limit.burst + Math.ceil(2 * perSecond(limit.rate)) + 20),
});
