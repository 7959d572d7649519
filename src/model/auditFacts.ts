import type { Rate } from '../answers/values.ts';

type Known = {
  readonly workers: readonly { readonly service: string; readonly hasHealth: boolean }[];
  readonly required: readonly string[];
  readonly headers: readonly { readonly name: string }[];
  /** What all paths have that no other zone is for. */
  readonly limit: { readonly rate: Rate; readonly burst: number };
};

/** What scripts/audit.sh is told of this deployment. */
export const buildAuditFacts = ({ workers, required, headers, limit }: Known) => ({
  servicesWithoutHealth: workers
    .filter(({ hasHealth }) => !hasHealth)
    .map(({ service }) => service)
    .join(' '),
  required: required.join(' '),
  headers: headers.map(({ name }) => name).join(' '),
  /** Of all paths that no other zone is for. */
  rate: limit.rate,
  burst: limit.burst,
});
