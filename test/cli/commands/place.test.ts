import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Door } from '../../../src/base/door.ts';
import type { Refusal } from '../../../src/base/refusal.ts';
import { folderWith, silentDoor } from '../../fixture.ts';
import { generateIn } from '../../generateIn.ts';
import { comicpile } from '../../inProcess.ts';

const node = { 'package.json': '{"name": "shop", "scripts": {"start": "node ."}}\n' };
const answers = { domain: 'a.example', appName: 'mine', dbUser: 'me' };

/** A door at which the question about the place gets this answer, and the one about writing a yes. */
const asked = (answer: boolean) => {
  const names: string[] = [];
  const door = silentDoor();
  const prompt: Door['prompt'] = (prompts) => {
    names.push(...prompts.map(({ name }) => name));
    return Promise.resolve({ place: answer, write: true, more: false, edge: false });
  };
  return { door: { ...door, interactive: true, prompt }, said: door.said, names };
};

describe('a place that is no project', () => {
  it('is refused where nobody can be asked, or --yes was said, with what can be done; nothing is written', async () => {
    const directory = folderWith(node);
    for (const more of [{ yes: true }, { yes: false }]) {
      await assert.rejects(generateIn(directory, silentDoor(), answers, more), ({ message, code }: Refusal) => {
        assert.match(
          message,
          /no place for a deployment \(nothing was written\):\n {2}- .* has package\.json, [^\n]*\n/,
        );
        assert.match(message, /comicpile --output my-app\n[^\n]*--allow-place$/);
        return code === 2;
      });
      await assert.rejects(
        generateIn(directory, asked(true).door, answers, { yes: true }),
        /no place for a deployment/,
      );
    }
    assert.deepEqual(readdirSync(directory), ['package.json']);
  });

  it('is refused to a part of the set, and at the other door, too', async () => {
    const directory = folderWith(node);
    assert.equal((await comicpile(directory, 'nginx', { yes: true })).code, 2);
    assert.equal((await comicpile(directory, 'file scripts/backup.sh', { yes: true })).code, 2);
    assert.deepEqual(readdirSync(directory), ['package.json']);
  });

  it('is asked about once', async () => {
    const directory = folderWith(node);
    const no = asked(false);
    await assert.rejects(
      generateIn(directory, no.door, answers, { yes: false }),
      /^Error: Nothing was written\.|Nothing was written\./,
    );
    assert.deepEqual(no.names, ['place']);
    assert.match(no.said.join('\n'), /no place for a deployment:\n {2}.* has package\.json/);
    assert.deepEqual(readdirSync(directory), ['package.json']);
    const yes = asked(true);
    assert.equal(await generateIn(directory, yes.door, answers, { yes: false }), 0);
    assert.equal(yes.names[0], 'place');
    const again = asked(false);
    assert.equal(await generateIn(directory, again.door, {}, { yes: false }), 0);
    assert.deepEqual(again.names, []);
    assert.equal(await generateIn(directory, silentDoor(), { hsts: 'full' }), 0);
  });

  it('is taken where a flag says that it is meant', async () => {
    const directory = folderWith(node);
    assert.equal(await generateIn(directory, silentDoor(), answers, { allowPlace: true }), 0);
    assert.ok(readdirSync(directory).includes('Dockerfile'));
  });

  it('stops a preview too, which would look through all that is below', async () => {
    const directory = folderWith(node);
    for (const more of [{ dryRun: true }, { diff: true }]) {
      await assert.rejects(generateIn(directory, silentDoor(), answers, more), /no place for a deployment/);
      assert.equal(await generateIn(directory, silentDoor(), answers, { ...more, allowPlace: true }), 1);
    }
    assert.deepEqual(readdirSync(directory), ['package.json']);
  });

  it('is none where a new folder is named in it', async () => {
    const directory = folderWith(node);
    assert.equal(await generateIn(join(directory, 'new'), silentDoor(), answers), 0);
    assert.deepEqual(readdirSync(directory).sort(), ['new', 'package.json']);
  });
});
