import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { strangeIn } from '../../src/team/ownFolder.ts';
import { loadTeam } from '../../src/team/team.ts';
import { folderWith, scratch } from '../fixture.ts';

const templates = '.comicpile/templates';
const own = { [`${templates}/SECURITY.md.extra/more.ejs`]: 'x\n' };

describe('what is strange in the folder of templates', () => {
  it('is nothing where there is none, and nothing of files and folders', () => {
    assert.deepEqual(strangeIn(scratch()), []);
    assert.deepEqual(strangeIn(folderWith(own)), []);
  });

  it('is each link, wherever it leads, and each pipe, by its name', async () => {
    const directory = folderWith(own);
    const root = join(directory, templates);
    symlinkSync('/etc/hostname', join(root, 'SECURITY.md.extra/link.ejs'));
    symlinkSync(scratch(), join(root, 'scripts'));
    symlinkSync('nowhere', join(root, 'broken'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const all = ['SECURITY.md.extra/link.ejs', 'broken', 'pipe', 'scripts'];
    assert.deepEqual(
      strangeIn(directory),
      all.map((path) => `${templates}/${path} is a link or no plain file`),
    );
    await assert.rejects(loadTeam(directory, []), /nothing was written[\s\S]*broken is a link[\s\S]*scripts is a link/);
  });

  for (const folder of ['.comicpile', templates])
    it(`is ${folder} where it is a link`, async () => {
      const directory = scratch();
      const target = folderWith({ ...own, 'SECURITY.md.extra/more.ejs': 'x\n' });
      mkdirSync(join(directory, folder, '..'), { recursive: true });
      symlinkSync(folder === templates ? join(target, templates) : join(target, folder), join(directory, folder));
      await assert.rejects(loadTeam(directory, []), new RegExp(`${folder} is a link or no folder`));
    });
});
