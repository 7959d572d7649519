import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { verify } from '../../src/emit/promises/verify.ts';
import { placed } from '../../src/emit/renderedFile.ts';
import {
  canStandAside,
  nameable,
  namesOf,
  type Places,
  placeBeside,
  placesIn,
  wrongPlaces,
} from '../../src/model/places.ts';
import type { Stack } from '../../src/model/stack.ts';
import { renderAll, scratch, spoil, stackOf } from '../fixture.ts';

const put = (directory: string, path: string, text = 'theirs\n') => {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
};
const none = { places: {}, files: {} };
const everything: Places = Object.fromEntries(nameable.map(({ usual, other }) => [usual, other]));

const stackAt = (places: Places, given = {}): Stack => ({ ...stackOf(given), names: namesOf(places) });

describe('placesIn', () => {
  it('is empty where no name is in use, and where only the very place is: that is for the user to decide', () => {
    const directory = scratch();
    assert.deepEqual(placesIn(directory, none), {});
    for (const { usual } of nameable) put(directory, usual);
    assert.deepEqual(placesIn(directory, none), {});
  });
  for (const [theirs, expected] of [
    ['compose.yaml', { 'docker-compose.yml': 'docker-compose.comicpile.yml' }],
    ['docker-compose.override.yml', { 'docker-compose.yml': 'docker-compose.comicpile.yml' }],
    ['Dockerfile.dockerignore', { Dockerfile: 'Dockerfile.comicpile' }],
    ['docs/SECURITY.md', { 'SECURITY.md': 'SECURITY.comicpile.md' }],
    ['.github/dependabot.yaml', { '.github/dependabot.yml': null }],
  ] as const) {
    it(`goes aside for ${theirs}, unless ours was there first`, () => {
      const directory = scratch();
      put(directory, theirs);
      assert.deepEqual(placesIn(directory, none), expected);
      const [usual = ''] = Object.keys(expected);
      assert.deepEqual(placesIn(directory, { places: {}, files: { [usual]: 'sha256:1' } }), {});
    });
  }
  it('goes aside for what COMPOSE_FILE names', () => {
    const directory = scratch();
    put(directory, '.env', 'COMPOSE_FILE=deploy/stack.yml\n');
    assert.deepEqual(Object.keys(placesIn(directory, none)), ['docker-compose.yml']);
  });
  it('takes a folder .env for the virtual environment that it is', () => {
    const directory = scratch();
    put(directory, '.env/pyvenv.cfg');
    assert.deepEqual(placesIn(directory, none), {});
  });
  it('takes a name that is free, and keeps it afterwards', () => {
    const directory = scratch();
    put(directory, 'compose.yml');
    put(directory, 'docker-compose.comicpile.yml');
    const places = placesIn(directory, none);
    assert.deepEqual(places, { 'docker-compose.yml': 'docker-compose.comicpile-2.yml' });
    put(directory, 'docker-compose.comicpile-2.yml', 'ours\n');
    assert.deepEqual(placesIn(directory, { places, files: {} }), places);
  });
});

describe('placed', () => {
  it('moves a file, leaves one out, and touches no other', () => {
    const places = { Dockerfile: 'Dockerfile.comicpile', '.github/dependabot.yml': null };
    const before = renderAll(stackOf()).map(({ artifact }) => artifact.to);
    const after = placed(renderAll(stackOf()), places).map(({ artifact }) => artifact.to);
    const expected = before
      .filter((to) => to !== '.github/dependabot.yml')
      .map((to) => (to === 'Dockerfile' ? 'Dockerfile.comicpile' : to));
    assert.deepEqual(after, expected);
  });
});

describe('names', () => {
  for (const given of [{}, { secrets: 'files' }]) {
    it(`are followed by every file of ours: ${JSON.stringify(given)}`, () => {
      const stack = stackAt(everything, given);
      const files = renderAll(stack);
      verify(files, stack);
      const textOf = (to: string) => files.find(({ artifact }) => artifact.to === to)?.text ?? assert.fail(to);
      assert.match(textOf('docker-compose.prod.yml'), /^ +context: \.\n +dockerfile: Dockerfile\.comicpile\n/m);
      assert.match(textOf('docker-compose.yml'), /^ +context: \.\n +dockerfile: Dockerfile\.comicpile\n/m);
      assert.match(textOf('scripts/deploy.sh'), /docker build --file Dockerfile\.comicpile .* \. >&2/);
      assert.match(textOf('scripts/rollback.sh'), /docker build --file "\$copy\/Dockerfile\.comicpile" .*"\$copy" >&2/);
      assert.match(textOf('scripts/lib.sh'), /docker compose -f docker-compose\.comicpile-prod\.yml --env-file/);
      assert.match(textOf('scripts/generate-secrets.sh'), /cat comicpile\.env\.example >/);
      assert.match(textOf('ops.mk'), /^\tdocker compose -f docker-compose\.comicpile\.yml up /m);
    });
  }
  it('are refused where a template has the usual one', () => {
    const stack = stackAt({ 'docker-compose.prod.yml': 'docker-compose.comicpile-prod.yml' });
    const spoilt = spoil(renderAll(stack), 'scripts/backup.sh', (text) => `${text}# docker-compose.prod.yml\n`);
    assert.throws(
      () => verify(spoilt, stack),
      /scripts\/backup\.sh names docker-compose\.prod\.yml, which is not ours here: print names\.production/,
    );
  });
  it('are those that dependabot looks for', () => {
    // Its own pattern: docker/lib/dependabot/docker_compose/file_fetcher.rb
    for (const name of [everything['docker-compose.yml'], everything['docker-compose.prod.yml']])
      assert.match(name ?? '', /^(?:docker-)?compose(?:-[\w]+)?(?:\.[\w-]+)?\.ya?ml$/);
  });
});

describe('wrongPlaces', () => {
  it('finds nothing in what we write', () => {
    const directory = scratch();
    for (const { usual, other } of nameable) put(directory, usual) ?? put(directory, other);
    const places = Object.fromEntries(nameable.map(({ usual }) => [usual, placeBeside(directory, usual)]));
    assert.deepEqual(places.Dockerfile, 'Dockerfile.comicpile-2');
    assert.deepEqual(wrongPlaces({ ...places, '.github/dependabot.yml': null, 'ssl/.gitkeep': null }), []);
    assert.deepEqual(wrongPlaces(everything), []);
    for (const usual of Object.keys(places)) assert.ok(canStandAside(usual));
  });
  for (const places of [
    { Dockerfile: '$(id)' },
    { Dockerfile: '../Dockerfile.comicpile' },
    { Dockerfile: null },
    { Dockerfile: 'Dockerfile.comicpile-2\n' },
    null,
    { 'scripts/lib.sh': 'x' },
    { '.github/dependabot.yml': 'x' },
  ] as unknown as Places[]) {
    it(`refuses ${JSON.stringify(places)}: a lock that is not ours`, () => assert.equal(wrongPlaces(places).length, 1));
  }
});
