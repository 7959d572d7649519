import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { everything, filesOf, notRun, type Suite, suites, touching } from './table.ts';

type Test = { readonly fullTitle: string; readonly file: string };
const root = packageRoot();
const inStack = suites.filter(({ titles }) => titles !== undefined);
const selects = ({ titles = '' }: Suite, { fullTitle }: Test): boolean => new RegExp(titles).test(fullTitle);

/** The files of the tests that a file imports, and those of src/ that it names itself. */
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/ from '(\.[^']+\.ts)'/g)].map(([, path = '']) =>
    join(dirname(file), path),
  );
const reached = (file: string, found = new Set<string>()): ReadonlySet<string> => {
  if (found.has(file)) return found;
  found.add(file);
  if (file.startsWith('test/')) for (const next of importsOf(file)) reached(next, found);
  return found;
};

describe('the table of the suites', () => {
  let tests: readonly Test[];
  const files = new Map<string, ReadonlySet<string>>();
  const touchedBy = (file: string): string[] =>
    [...files].filter(([, those]) => those.has(file)).map(([name]) => name.replace('test:', '').replace('stack:', ''));

  before(async () => {
    const mocha = ['--config', 'test/stack/mocharc.json', '--dry-run', '--reporter', 'json'];
    const { stdout } = await execa('mocha', mocha, { cwd: root, preferLocal: true });
    tests = (JSON.parse(stdout) as { tests: Test[] }).tests;
    for (const suite of suites) if (!suite.always) files.set(suite.name, new Set(touching(suite)));
  });

  it('each test of a running stack is of exactly one suite', () => {
    assert.ok(tests.length > 900);
    const suitesOf = (test: Test) => inStack.filter((suite) => selects(suite, test)).map(({ name }) => name);
    const wrong = tests.map((test) => [test.fullTitle, suitesOf(test)] as const).filter(([, of]) => of.length !== 1);
    assert.deepEqual(wrong, []);
  });

  it('each suite has a test, and each pattern a file', () => {
    for (const suite of inStack)
      assert.ok(
        tests.some((test) => selects(suite, test)),
        suite.name,
      );
    const patterns = [...everything, ...notRun, ...suites.flatMap(({ touches }) => touches)];
    const empty = [...new Set(patterns)].filter((one) => filesOf([one.replace(/^!/, '')]).length === 0);
    assert.deepEqual(empty, []);
  });

  it('what the tests of a suite import touches it', () => {
    for (const suite of inStack) {
      const own = new Set(
        tests.filter((test) => selects(suite, test)).map(({ file }) => relative(join(root, 'dist'), file)),
      );
      const sources = [...own].map((file) => file.replace(/\.js$/, '.ts'));
      const needed = new Set(sources.flatMap((file) => [...reached(file)]));
      const shared = new Set(filesOf(everything));
      const through = [...needed].filter((file) => shared.has(file) && file.startsWith('test/'));
      // What shared helpers use of src/ is used everywhere: it is the suites' own imports that must be in the table.
      const behind = new Set(through.flatMap(importsOf).filter((file) => file.startsWith('src/')));
      const missing = [...needed].filter((file) => !files.get(suite.name)?.has(file) && !behind.has(file));
      assert.deepEqual(missing, [], suite.name);
    }
  });

  it('every file of src/ and templates/ touches a running stack, or is told to be in none', () => {
    const told = new Set(filesOf(notRun));
    const wrong = filesOf(['src/**', 'templates/**']).filter(
      (file) => inStack.some(({ name }) => files.get(name)?.has(file)) === told.has(file),
    );
    assert.deepEqual(wrong, []);
  });

  const stacks = inStack.map(({ name }) => name.replace('test:stack:', ''));
  const examples: Readonly<Record<string, readonly string[]>> = {
    'templates/monitoring/prometheus/rules/edge.yml.ejs': ['package', 'monitoring', 'deep', 'tools'],
    'test/stack/monitoring/sink.ts': ['monitoring'],
    'templates/scripts/audit/nginx.py.ejs': ['package', 'debian13', 'audit', 'deep', 'tools'],
    'templates/scripts/incident.sh.ejs': ['package', 'scripts', 'deep', 'tools'],
    'templates/SECURITY.md.ejs': ['package', 'deep', 'tools'],
    'src/changes/write.ts': ['package', 'deep'],
    'src/policy/tls.ts': ['package', 'production', 'deep', 'tools', 'edge'],
    'src/detect/look.ts': ['package', 'projects', 'deep'],
    'test/golden/default/scripts/backup.sh': ['monitoring', 'backups', 'scripts', 'debian13', 'tools', 'load', 'alone'],
    'test/tools/trivy.test.ts': ['tools'],
    'docs/operations.md': [],
    '.ci/passed': [],
    '.ci/run': ['package', ...stacks, 'deep', 'tools'],
    'src/base/files.ts': ['package', ...stacks, 'deep', 'tools'],
    'test/stack/deployment.ts': ['package', ...stacks, 'deep', 'tools'],
    'test/fixture.ts': ['package', ...stacks, 'deep', 'tools'],
    'templates/docker-compose.prod.yml.ejs': ['package', ...stacks, 'deep', 'tools'],
  };
  for (const [file, expected] of Object.entries(examples)) {
    it(`${file} touches ${expected.length === 0 ? 'nothing' : expected.length > 9 ? 'all' : expected.join(', ')}`, () => {
      assert.deepEqual(filesOf([file]), [file]);
      assert.deepEqual(touchedBy(file).sort(), [...expected].sort());
    });
  }

  it('nobody waits for what never comes', () => {
    const preparations = ['node-modules', 'engine', 'images', 'backup-tools', 'scanners'];
    const over = new Set(preparations);
    const lanes = new Map<string, Suite[]>();
    for (const suite of suites) lanes.set(suite.lane, [...(lanes.get(suite.lane) ?? []), suite]);
    for (let before = -1; before < over.size; ) {
      before = over.size;
      for (const [lane, queue] of lanes) {
        if (lane === 'last' && [...lanes].some(([other, left]) => other !== 'last' && left.length > 0)) continue;
        const [next] = queue;
        if (next === undefined || ![...(next.needs ?? []), ...(next.after ?? [])].every((name) => over.has(name)))
          continue;
        queue.shift();
        over.add(next.name);
      }
    }
    assert.deepEqual([...lanes.values()].flat(), []);
    const named = new Set(
      [...readFileSync(join(root, '.ci/run'), 'utf8').matchAll(/^ *prepare ([a-z-]+) /gm)].map(([, name]) => name),
    );
    assert.deepEqual([...named].sort(), preparations.sort());
  });
});
