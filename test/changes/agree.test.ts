import assert from 'node:assert/strict';
import { agree, type Planned } from '../../src/changes/agree.ts';
import type { Change } from '../../src/changes/change.ts';
import type { Decisions, Settling } from '../../src/changes/conflicts.ts';
import type { Places } from '../../src/model/places.ts';
import { changeOf, scratch, stackOf } from '../fixture.ts';

const noLock = { generator: '', files: {}, once: [], templates: {}, packs: {}, places: {} };
const stack = stackOf();
const settlingIn = (directory: string, given: Partial<Settling> = {}): Settling => ({
  directory,
  force: false,
  mergedWith: () => undefined,
  ...given,
});
const foreign = (to: string): Change => changeOf({ to, action: 'conflict', isForeign: true, before: 'theirs\n' });

/** A plan of which the Dockerfile, and once that stands aside the compose file, is in the user's way. */
const planning = () => {
  const asked: Places[] = [];
  const planWith = async (places: Places): Promise<Planned> => {
    asked.push(places);
    const isAside = 'Dockerfile' in places;
    const dockerfile = isAside ? changeOf({ to: 'Dockerfile.comicpile' }) : foreign('Dockerfile');
    const compose =
      isAside && !('docker-compose.yml' in places) ? foreign('docker-compose.yml') : changeOf({ to: 'x' });
    return { stack, places, changes: [dockerfile, compose] };
  };
  return { asked, planWith };
};
const keepAll = (changes: readonly Change[], former: Decisions): Decisions =>
  new Map([...former, ...changes.filter(({ isForeign }) => isForeign).map(({ to }) => [to, 'keep'] as const)]);

describe('agree', () => {
  it('plans anew until nothing else stands aside, and hands on what is decided', async () => {
    const directory = scratch();
    const { asked, planWith } = planning();
    const formers: string[][] = [];
    const decide = (changes: readonly Change[], former: Decisions) => {
      formers.push([...former.keys()]);
      return keepAll(changes, former);
    };
    const { places, changes } = await agree(planWith, decide, settlingIn(directory), noLock);
    assert.deepEqual(formers, [[], ['Dockerfile'], ['Dockerfile', 'docker-compose.yml']]);
    assert.equal(asked.length, 3);
    assert.deepEqual(places, {
      Dockerfile: 'Dockerfile.comicpile',
      'docker-compose.yml': 'docker-compose.comicpile.yml',
    });
    assert.deepEqual(
      changes.map(({ to, action }) => `${action} ${to}`),
      ['create Dockerfile.comicpile', 'create x'],
    );
  });
  it('plans once where nothing stands aside; what is replaced is copied, and the copy is ignored by git', async () => {
    const { asked, planWith } = planning();
    const decide = () => new Map([['Dockerfile', 'overwrite']] as const);
    const { changes } = await agree(planWith, decide, settlingIn(scratch()), noLock);
    assert.equal(asked.length, 1);
    assert.deepEqual(
      changes.map(({ to, action }) => `${action} ${to}`),
      [
        'create .gitignore',
        'create .dockerignore',
        'backup Dockerfile.before-comicpile',
        'overwrite Dockerfile',
        'create x',
      ],
    );
  });
  it('begins with the places that the lock has', async () => {
    const { asked, planWith } = planning();
    const places = { Dockerfile: 'Dockerfile.comicpile', 'docker-compose.yml': 'docker-compose.comicpile.yml' };
    await agree(planWith, keepAll, settlingIn(scratch()), { ...noLock, places });
    assert.deepEqual(asked, [places]);
  });
});
