import { setFlagsFromString } from 'node:v8';

/**
 * Whether V8 compiles a second time what runs often. A run of a tenth of a second ends before that pays: without it the whole of
 * `comicpile --yes` takes a sixth less processor time and 5 MiB less (`npm run bench`). Node asks for care with flags that change
 * while it runs (https://nodejs.org/api/v8.html#v8setflagsfromstringflags); this one is read anew each time that V8 would optimize
 * a function, and takes back nothing.
 */
export const optimize = (isWanted: boolean): void => setFlagsFromString(isWanted ? '--opt' : '--no-opt');
