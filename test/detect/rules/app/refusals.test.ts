import assert from 'node:assert/strict';
import { type Framework, found } from '../../../../src/detect/model.ts';
import { appsOf } from '../../../../src/detect/rules/app/apps.ts';
import { chosenApp } from '../../../../src/detect/rules/app/chosenApp.ts';
import { refusalsOf } from '../../../../src/detect/rules/app/refusals.ts';
import { contextFrom } from '../../contextFrom.ts';
import { sure } from '../../detections.ts';

const { view } = contextFrom({ 'requirements.txt': 'requests\n' });
const deployable = {
  app: sure({ root: '', framework: 'fastapi' as Framework }),
  isWeb: true,
  told: undefined,
  hasEntry: true,
  hasPostgres: true,
  others: [],
  ofChoice: [],
};
const ids = (given: Partial<Parameters<typeof refusalsOf>[1]>) =>
  refusalsOf(view, { ...deployable, ...given }).map(({ id }) => id);

describe('why an app cannot be deployed', () => {
  it('is nothing where it can', () => assert.deepEqual(ids({}), []));
  it('is that it is none', () => {
    assert.deepEqual(ids({ isWeb: false, hasEntry: false, hasPostgres: false }), ['not-web']);
    assert.deepEqual(refusalsOf(view, { ...deployable, isWeb: false })[0]?.evidence, [
      { file: 'requirements.txt', says: 'names no web framework' },
    ]);
  });
  it('is its framework, and then nothing else, unless the user names an entry', () => {
    for (const [framework, id] of [
      ['django', 'django'],
      ['flask', 'wsgi'],
      ['other-wsgi', 'wsgi'],
    ] as const) {
      const app = sure({ root: '', framework: framework as Framework });
      assert.deepEqual(ids({ app, hasEntry: false }), [id]);
      assert.deepEqual(ids({ app, told: 'main:app' }), []);
    }
  });
  it('is what it lacks, all of it', () => {
    const several = { id: 'several-apps', says: '', evidence: [] };
    assert.deepEqual(ids({ hasEntry: false, hasPostgres: false, ofChoice: [several] }), [
      'several-apps',
      'no-entry',
      'no-postgres',
    ]);
  });
  it('names the entry that was given, and the other databases once', () => {
    const [noEntry] = refusalsOf(view, { ...deployable, told: 'gone:app', hasEntry: false });
    assert.match(noEntry?.says ?? '', /^--app-entry gone:app: there is no such module/);
    const others = [found('mysql', 'certain'), found('mysql', 'likely')];
    const [noPostgres] = refusalsOf(view, { ...deployable, hasPostgres: false, others });
    assert.match(noPostgres?.says ?? '', /^the app uses mysql and no PostgreSQL/);
  });
});

describe('the app that a run is about', () => {
  const app = 'from fastapi import FastAPI\napp = FastAPI()\n';
  const choose = (tree: Readonly<Record<string, string>>, root?: string) => {
    const { view: of, commands } = contextFrom(tree);
    const { app: chosen, refusals } = chosenApp(of, appsOf(of), root === undefined ? {} : { root }, commands);
    return [chosen?.value.root, ...refusals.map(({ id }) => id)];
  };
  const two = { 'a/requirements.txt': 'fastapi', 'a/main.py': app, 'b/requirements.txt': 'fastapi', 'b/main.py': app };
  it('is the only one that can be started', () => {
    assert.deepEqual(choose({ ...two, 'b/main.py': '' }), ['a']);
    assert.deepEqual(choose({ ...two, 'a/main.py': '' }), ['b']);
  });
  it('is not clear of two beside each other', () => assert.deepEqual(choose(two), ['a', 'several-apps']));
  it('is the outer of two within each other', () => {
    assert.deepEqual(
      choose({ 'requirements.txt': 'fastapi', 'main.py': app, 'b/requirements.txt': 'fastapi', 'b/main.py': app }),
      [''],
    );
  });
  it('is the one that the user names, whatever is there', () => {
    assert.deepEqual(choose(two, 'b'), ['b']);
    assert.deepEqual(choose({}, 'gone'), ['gone']);
  });
  it('is none of nothing', () => assert.deepEqual(choose({}), [undefined]));
});
