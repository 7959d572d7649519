type Mirror = {
  /** Modules with neither a test of their name nor a reason. */
  readonly missing: readonly string[];
  /** Reasons for a module that is gone, or has its test. */
  readonly stale: readonly string[];
  /** Tests of no module. */
  readonly strays: readonly string[];
};

const isTest = (path: string): boolean => path.endsWith('.test.ts');

/** What is not as it should be between modules, tests (both by their path in src/ and test/) and reasons for having none. */
export const mirrorOf = (modules: readonly string[], tests: readonly string[], excused: readonly string[]): Mirror => {
  const code = modules.filter((path) => !path.endsWith('.d.ts'));
  const tested = new Set(tests.filter(isTest).map((path) => path.replace(/\.test\.ts$/, '.ts')));
  return {
    missing: code.filter((path) => !tested.has(path) && !excused.includes(path)),
    stale: excused.filter((path) => !code.includes(path) || tested.has(path)),
    strays: tests.filter((path) => isTest(path) && !code.includes(path.replace(/\.test\.ts$/, '.ts'))),
  };
};
