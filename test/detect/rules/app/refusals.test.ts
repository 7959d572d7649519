import assert from 'node:assert/strict';
import { type Framework, found } from '../../../../src/detect/model.ts';
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
