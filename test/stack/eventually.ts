import { sleep } from './sleep.ts';

/** The first answer that holds, asked for again and again; `undefined` or an error is "not yet". */
export const eventually = async <Value>(
  what: string,
  seconds: number,
  ask: () => Promise<Value | undefined>,
): Promise<Value> => {
  const end = Date.now() + seconds * 1000;
  let last = 'no answer';
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = (error as Error).message;
    }
    await sleep(250);
  }
  throw new Error(`not within ${seconds} seconds: ${what} (${last})`);
};
