import { type Case, common } from './settings.ts';

/** The worker's CPU in microseconds a request, and requests per second as the client saw them. */
export type Sample = { readonly cpu: number; readonly rps: number };

/** A connection is closed after 1000 requests (nginx's default, and everyone's): so many runs that none comes to that. */
const split = (options: readonly string[], requests: number) => {
  const connections = Number(options[options.indexOf('-c') + 1]);
  const runs = Math.ceil(requests / (connections * 960));
  return { runs, each: Math.ceil(requests / runs) };
};

/**
 * The load of a sample, for a container that shares the process and network namespaces of the edge. The first number
 * of schedstat is the time that the kernel ran the worker, in nanoseconds: other work on the machine is not in it.
 */
export const script = ({ path, options }: Case, requests: number): string => {
  const { runs, each } = split(options, requests);
  return `set -euo pipefail
read -ra workers < /proc/1/task/1/children || true
[ "\${#workers[@]}" = 1 ] || { echo "the edge has these workers: \${workers[*]-}"; exit 1; }
cpu() { read -r ns _ < "/proc/$workers/schedstat"; echo "cpu $ns"; }
cpu
for run in {1..${runs}}; do
  h2load --connect-to=127.0.0.1:${common.port} ${options.join(' ')} -n ${each} https://${common.domain}${path}
done
cpu
`;
};

/** Waits until the edge answers through the app, whose name it may first have to look up. */
export const ready = `for try in {1..100}; do
  h2load --connect-to=127.0.0.1:${common.port} -n 1 https://${common.domain}${common.item} | grep -q '^status codes: 1 2xx' && exit
  sleep 0.1
done
echo 'the edge does not answer' >&2
exit 1
`;

const numbers = (text: string, pattern: RegExp): number[] =>
  [...text.matchAll(pattern)].map(([, found]) => Number(found));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Reads what the script printed; a request that was not answered by 2xx is an error. */
export const sampleOf = (printed: string, { options }: Case, requests: number): Sample => {
  const { runs, each } = split(options, requests);
  const done = sum(numbers(printed, /^status codes: (\d+) 2xx/gm));
  if (done !== runs * each) throw new Error(`${done} of ${runs * each} requests got 2xx:\n${printed}`);
  const [before = Number.NaN, after = Number.NaN] = numbers(printed, /^cpu (\d+)$/gm);
  const rates = numbers(printed, /^finished in .*, ([\d.]+) req\/s/gm);
  return { cpu: (after - before) / 1000 / done, rps: done / sum(rates.map((rate) => each / rate)) };
};
