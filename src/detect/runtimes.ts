import type { Detection, Told } from './detection.ts';
import { detectPython } from './python.ts';
import type { View } from './view.ts';

/** How apps of one language are recognised: one module each. Undefined: this is no project of that language. */
type Runtime = (view: View, told: Told) => Detection | undefined;

/** THE list: the first that recognises the project has it. Another language is another row, and a `runtime` of `Detection`. */
const runtimes: readonly Runtime[] = [detectPython];

export const detect = (view: View, told: Told = {}): Detection | undefined => {
  for (const runtime of runtimes) {
    const detection = runtime(view, told);
    if (detection !== undefined) return detection;
  }
  return undefined;
};
