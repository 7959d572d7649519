import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { PackName } from '../../src/answers/values.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { artifacts } from '../../src/emit/catalogue.ts';
import { ourPolicy } from '../../src/policy/policy.ts';
import { loadTeam } from '../../src/team/team.ts';
import { folderWith, scratch } from '../fixture.ts';
import { writePack } from './somePack.ts';

const names = (...all: string[]) => all as PackName[];
const limits = (maintenanceRetryAfter: number) => ({ policy: { limits: { maintenanceRetryAfter } } });
const policyFile = '.comicpile/policy.json';

describe('loadTeam', () => {
  it('is what is built in where there is nothing else', async () => {
    const team = await loadTeam(scratch(), []);
    assert.deepEqual([team.packs, team.catalogue, team.policy], [[], artifacts, ourPolicy]);
    assert.deepEqual(
      team.sources.map(({ name }) => name),
      ['.comicpile/templates', 'built in'],
    );
  });

  it('the project has the last word, before it the first pack', async () => {
    const directory = scratch();
    writePack(join(directory, 'one'), limits(601));
    writePack(join(directory, 'two'), { id: 'other', ...limits(602) });
    const retryAfter = async (...packs: string[]) =>
      (await loadTeam(directory, names(...packs))).policy.limits.maintenanceRetryAfter;
    assert.deepEqual([await retryAfter('./one', './two'), await retryAfter('./two', './one')], [601, 602]);
    const own = folderWith({ [policyFile]: JSON.stringify(limits(603).policy) });
    writePack(join(own, 'one'), limits(601));
    assert.equal((await loadTeam(own, names('./one'))).policy.limits.maintenanceRetryAfter, 603);
    assert.deepEqual(
      (await loadTeam(own, names('./one'))).sources.map(({ name }) => name),
      ['.comicpile/templates', './one', 'built in'],
    );
  });

  it('refuses all that is wrong at once', async () => {
    const directory = folderWith({ [policyFile]: '{"limit": {}}' });
    writePack(join(directory, 'one'), { policy: { limits: { staticRate: 'fast' } } });
    writePack(join(directory, 'two'), { questions: { listen: { message: 'Port', kind: 'port', default: '80' } } });
    await assert.rejects(loadTeam(directory, names('./one', './two')), (error: Refusal) => {
      assert.ok(error instanceof Refusal);
      for (const part of [
        './two: another pack has the id acme',
        './two: questions.listen.default: "80" is not a port',
        './one: policy.limits.staticRate: "fast" is not a rate',
        '.comicpile/policy.json: the file must NOT have additional properties ("limit")',
      ])
        assert.ok(error.message.includes(part), `${part}\n${error.message}`);
      return true;
    });
  });
  it('refuses a pack that asks what this generator asks', async () => {
    const directory = scratch();
    writePack(join(directory, 'one'), {
      id: 'body',
      questions: { size: { message: 'Size', kind: 'words', default: 'large' } },
    });
    await assert.rejects(loadTeam(directory, names('./one')), /bodySize is a question of this generator/);
  });
  it('refuses a policy that is no JSON', async () => {
    await assert.rejects(loadTeam(folderWith({ [policyFile]: '{' }), []), /policy\.json cannot be read/);
  });
});
