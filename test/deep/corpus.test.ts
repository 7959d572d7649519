import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import type { Detection } from '../../src/detect/detection.ts';
import { detect } from '../../src/detect/runtimes.ts';
import { queueRow, rowText, workersText } from '../../src/detect/texts.ts';
import { viewOf } from '../../src/detect/view.ts';
import { scratch } from '../fixture.ts';

const corpus = join(packageRoot(), 'test/projects');
/** The projects, by name: each a folder with its files and `expected.json`. */
const names = readdirSync(corpus, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

// A file that git would ignore is kept under another name.
const laidOut = (name: string): string => {
  const directory = join(scratch(), name);
  cpSync(join(corpus, name), directory, { recursive: true });
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('env.tracked')) renameSync(join(directory, path), join(directory, dirname(path), '.env'));
  }
  return directory;
};

type Expected = Readonly<Record<string, unknown>>;

const ids = (notices: readonly { readonly id: string }[]): readonly string[] =>
  [...new Set(notices.map(({ id }) => id))].sort();
const text = (value: unknown): unknown => value ?? null;

/** What was found, in the shape of expected.json. */
const shapeOf = (detection: Detection): Expected => {
  const { app, installation, python, entry, port, health, database, migrations, frontends, workers, queue } = detection;
  const [frontend] = frontends;
  const migrates = migrations?.value;
  return {
    app: app.value,
    manager: installation.value.manager,
    // What does not fix all versions is no lock.
    lock: installation.value.isRepeatable ? text(installation.value.lock) : null,
    groups: installation.value.groups,
    extras: installation.value.extras,
    apps: detection.apps.map(({ value }) => `${value.root}: ${value.framework}`),
    package: text(installation.value.workspace?.package),
    python: python.value,
    entry: text(entry?.value.entry),
    factory: text(entry?.value.isFactory),
    pathRoot: text(entry?.value.pathRoot),
    port: port.value,
    health: text(health?.value),
    database:
      database === undefined
        ? null
        : { ...database.value, variables: rowText(database.value.variables).split(',').sort() },
    migrations:
      migrates === undefined
        ? null
        : { ini: migrates.ini, location: migrates.location, automatic: migrates.notAutomatic === undefined },
    frontend: text(frontend?.value),
    workers: workers.map(({ value }) => workersText([value])),
    queue:
      queue === undefined
        ? null
        : {
            server: queue.value.server,
            variables: queue.value.variables.map(queueRow),
          },
    required: detection.required.map(({ value }) => value.name),
    signing: detection.signing.map(({ value }) => value),
    copies: detection.copies.map(({ value }) => value),
    notices: ids(detection.notices),
    refusals: ids(detection.refusals),
  };
};

const sorted = (value: unknown): unknown => (Array.isArray(value) ? [...value].sort() : value);

// Only what the project is about: keys that are not named are not compared, within a map neither.
const compare = (seen: unknown, wanted: unknown, at: string): void => {
  if (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted)) {
    assert.ok(typeof seen === 'object' && seen !== null, `${at}: nothing was found, wanted ${JSON.stringify(wanted)}`);
    for (const [key, value] of Object.entries(wanted)) {
      compare((seen as Expected)[key], value, `${at}.${key}`);
    }
    return;
  }
  assert.deepEqual(sorted(seen), sorted(wanted), at);
};

describe('the corpus of projects', () => {
  it('has projects for every rule', () => assert.ok(names.length >= 25, String(names.length)));
  for (const name of names) {
    it(`${name}: found as it is`, () => {
      const wanted = JSON.parse(readFileSync(join(corpus, name, 'expected.json'), 'utf8')) as Expected;
      const detection = detect(viewOf(laidOut(name)));
      if (detection === undefined) {
        assert.deepEqual(wanted, { refusals: ['not-web'] }, 'no project was seen at all');
        return;
      }
      const shape = shapeOf(detection);
      const wrong: string[] = [];
      for (const [key, value] of Object.entries(wanted)) {
        try {
          // Notices are those that must be there; the projects are small and lack much.
          if (key === 'notices') {
            for (const id of value as readonly string[]) {
              assert.ok(
                (shape.notices as readonly string[]).includes(id),
                `notices: ${id} in ${String(shape.notices)}`,
              );
            }
          } else compare(shape[key], value, key);
        } catch (error) {
          wrong.push((error as Error).message);
        }
      }
      assert.deepEqual(wrong, []);
    });
    it(`${name}: whatever was found has evidence that is there`, () => {
      const directory = laidOut(name);
      const detection = detect(viewOf(directory));
      for (const { value, confidence, evidence } of findingsOf(detection)) {
        if (confidence !== 'guess') assert.notEqual(evidence.length, 0, `${JSON.stringify(value)} has no evidence`);
        for (const { file, line } of evidence) {
          assert.ok(existsSync(join(directory, file)), `${file} is not there`);
          if (line === undefined || statSync(join(directory, file)).isDirectory()) continue;
          const lines = readFileSync(join(directory, file), 'utf8').split(/\r\n?|\n/);
          assert.ok(line >= 1 && line <= lines.length, `${file} has no line ${line}`);
        }
      }
    });
  }
});

const findingsOf = (detection: Detection | undefined) => {
  if (detection === undefined) return [];
  const { app, installation, python, entry, port, health, database, migrations, queue } = detection;
  return [
    ...[app, installation, python, entry, port, health, database, migrations, queue].filter(
      (each) => each !== undefined,
    ),
    ...detection.workers,
    ...detection.frontends,
    ...detection.required,
    ...detection.signing,
    ...detection.copies,
  ];
};
