import { scratch } from './fixture.ts';

/** In the tests around it, what is remembered for this machine's user is in a folder of each test's own; the folder. */
export const ownState = (): (() => string) => {
  const before = process.env.XDG_STATE_HOME;
  let folder = '';
  beforeEach(() => {
    folder = scratch();
    process.env.XDG_STATE_HOME = folder;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
  });
  return () => folder;
};
