import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const home = (): string => {
  try {
    return homedir();
  } catch {
    // A user without an entry anywhere, as in a container.
    return '';
  }
};

/** Where programs keep what they remember for the user of this machine (XDG Base Directory); undefined where there is no such place. */
export const stateFolder = (): string | undefined => {
  const given = process.env.XDG_STATE_HOME ?? '';
  // By its specification a relative one counts for nothing.
  const base = isAbsolute(given) ? given : join(home(), '.local/state');
  return isAbsolute(base) ? join(base, 'comicpile') : undefined;
};
