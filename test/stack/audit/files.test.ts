import assert from 'node:assert/strict';
import { join } from 'node:path';
import { certify } from '../certified.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { must } from '../run.ts';
import { workshop } from '../scratch.ts';
import { fileSeeds } from './fileSeeds.ts';
import { itFinds } from './itFinds.ts';
import { broken, type Found, runAudit } from './runAudit.ts';
import { Place } from './seed.ts';

/** A project that was generated, has a certificate and a history, and has nothing to be ashamed of. */
const project = async (): Promise<Place> => {
  const name = freshName();
  const directory = folderOf(name);
  const stack = await generate(name, directory, ['--security-contact', 'security@example.test', '--secrets', 'env']);
  const place = new Place(directory);
  await certify(stack);
  await place.sh(
    'git init --quiet; git add --all; git -c user.name=a -c user.email=a@example.test commit --quiet -m one',
  );
  await place.sh(': >audit.log; chmod 600 audit.log');
  return place;
};

describe('audit: the files of a project', () => {
  let whole: Place;
  before(async () => {
    whole = await project();
  });

  it('keeps every promise as it was generated', async () => {
    assert.deepEqual(broken(await runAudit(whole.directory)), []);
  });

  it('keeps them with `backups` on another disk, whose mode is looked at', async () => {
    const disk = join(workshop, `disk-${freshName()}`);
    const copy = join(workshop, `linked-${freshName()}`);
    await must('cp', ['-a', whole.directory, copy]);
    await must('bash', ['-euc', 'rm -rf backups; mkdir -m 700 "$0"; ln -s "$0" backups', disk], { cwd: copy });
    assert.deepEqual(broken(await runAudit(copy)), []);
    await must('chmod', ['755', disk]);
    assert.deepEqual(broken(await runAudit(copy)), ['secrets-mode: backups/ has 755']);
  });

  it('does not take the last commit of a shallow clone for the history', async () => {
    const copy = join(workshop, `shallow-${freshName()}`);
    await must('git', ['clone', '--quiet', '--depth', '1', `file://${whole.directory}`, copy]);
    const found = await runAudit(copy);
    for (const id of ['git-history-files', 'git-history-values']) {
      assert.equal(found.get(id)?.verdict, 'skip');
      assert.match(found.get(id)?.evidence ?? '', /shallow/);
    }
  });

  for (const [number, [set, seeds]] of Object.entries(fileSeeds).entries()) {
    describe(set, () => {
      let found: ReadonlyMap<string, Found>;
      before(async () => {
        const copy = join(workshop, `seeds-${number}-${freshName()}`);
        await must('cp', ['-a', whole.directory, copy]);
        const place = new Place(copy);
        for (const { make } of seeds) await make(place);
        found = await runAudit(copy);
      });

      itFinds(seeds, () => found);
    });
  }
});
