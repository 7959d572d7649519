import assert from 'node:assert/strict';
import { appsOf } from '../../../../src/detect/rules/app/apps.ts';
import { chosenApp } from '../../../../src/detect/rules/app/chosenApp.ts';
import { contextFrom } from '../../contextFrom.ts';

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
  it('is no framework that cannot be deployed where another one can', () => {
    assert.deepEqual(choose({ 'a/requirements.txt': 'flask', 'b/requirements.txt': 'fastapi' }), ['b']);
    assert.deepEqual(choose({ 'a/requirements.txt': 'flask' }), ['a']);
  });
  it('is the one nearer to the root, of two that are not beside each other', () => {
    const tree = { 'a/requirements.txt': 'fastapi', 'a/main.py': app };
    assert.deepEqual(choose({ ...tree, 'b/c/requirements.txt': 'fastapi', 'b/c/main.py': app }), ['a']);
  });
  it('says of two which they are, and the word that chooses', () => {
    const { view, commands } = contextFrom(two);
    const [refusal] = chosenApp(view, appsOf(view), {}, commands).refusals;
    assert.match(refusal?.says ?? '', /--app-root a$/);
    assert.deepEqual(
      [...new Set(refusal?.evidence.map(({ file }) => file))],
      ['a', 'a/requirements.txt', 'b', 'b/requirements.txt'],
    );
  });
});
