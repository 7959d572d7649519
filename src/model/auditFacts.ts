import type { Rate } from '../answers/values.ts';

type Known = {
  readonly workers: readonly { readonly service: string; readonly hasHealth: boolean }[];
  readonly required: readonly string[];
  readonly headers: readonly { readonly name: string }[];
  /** What all paths have that no other zone is for. */
  readonly limit: { readonly rate: Rate; readonly burst: number };
};

const perSecond = (rate: Rate): number => {
  const [, count = '0', unit] = /^(\d+)r\/([sm])$/.exec(rate) ?? [];
  return unit === 'm' ? Math.floor(Number(count) / 60) + 1 : Number(count);
};

/** What scripts/audit.sh is told of this deployment. */
export const buildAuditFacts = ({ workers, required, headers, limit }: Known) => ({
  servicesWithoutHealth: workers
    .filter(({ hasHealth }) => !hasHealth)
    .map(({ service }) => service)
    .join(' '),
  required: required.join(' '),
  headers: headers.map(({ name }) => name).join(' '),
  /** At once they must be more than the limit lets through, even where two seconds pass meanwhile. */
  burstRequests: Math.min(limit.burst + 2 * perSecond(limit.rate) + 20, 500),
});
