import { askNow, type Site } from './site.ts';
import { sleep } from './sleep.ts';

export type Probe = { readonly at: number; readonly result: number | string };

/** Seven requests a second, whether or not the earlier ones are answered, for as long as `work` takes. */
export const underLoad = async <Value>(
  site: Site,
  path: string,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly probes: readonly Probe[] }> => {
  const pending: Promise<Probe>[] = [];
  const probe = async (): Promise<Probe> => {
    const at = Date.now();
    const result = await askNow(site, path).then(
      ({ status }) => status,
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    );
    return { at, result };
  };
  const timer = setInterval(() => pending.push(probe()), 150);
  try {
    const value = await work();
    await sleep(1000);
    clearInterval(timer);
    return { value, probes: await Promise.all(pending) };
  } finally {
    clearInterval(timer);
  }
};

/** The failures by kind, and the milliseconds from the first failure to the first success after the last one. */
export const outage = (probes: readonly Probe[]) => {
  const failed = probes.filter(({ result }) => result !== 200);
  const kinds = [...new Set(failed.map(({ result }) => result))];
  const last = failed.at(-1)?.at ?? 0;
  const back = probes.find(({ at, result }) => at > last && result === 200)?.at;
  const milliseconds = failed.length === 0 ? 0 : (back ?? Number.POSITIVE_INFINITY) - (failed[0]?.at ?? 0);
  const counts = kinds.map((kind) => `${failed.filter(({ result }) => result === kind).length} × ${kind}`);
  const text = `${probes.length} requests, ${failed.length} failed${failed.length > 0 ? `: ${counts.join(', ')} within ${milliseconds} ms` : ''}`;
  return { failed: failed.length, kinds, milliseconds, text };
};
