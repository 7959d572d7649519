import assert from 'node:assert/strict';
import { backupName, backupOf, ignoringBackups } from '../../src/changes/backup.ts';
import { changeOf, folderWith, scratch } from '../fixture.ts';

const lineOfGit = '*.before-comicpile*';
const lineOfDocker = '**/*.before-comicpile*';

describe('backupName', () => {
  it('is one that nothing has', () => {
    assert.equal(backupName(scratch(), 'nginx/nginx.conf'), 'nginx/nginx.conf.before-comicpile');
    const directory = folderWith({ 'a.before-comicpile': '', 'a.before-comicpile.2': '' });
    assert.equal(backupName(directory, 'a'), 'a.before-comicpile.3');
  });
});

describe('backupOf', () => {
  it('copies the bytes, whatever they are', () => {
    const { to, action, copyOf, before, after } = backupOf(scratch(), 'a');
    assert.deepEqual([to, action, copyOf, before, after], ['a.before-comicpile', 'backup', 'a', '', '']);
  });
});

describe('ignoringBackups', () => {
  const backup = (directory: string) => backupOf(directory, 'Dockerfile');
  const shown = (changes: ReturnType<typeof ignoringBackups>) =>
    changes.map(({ to, action, before, after }) => [to, action, before, after]);

  it('changes nothing where there is no backup', () => {
    const changes = [changeOf({ to: 'a' }), changeOf({ to: '.gitignore', action: 'identical' })];
    assert.equal(ignoringBackups(scratch(), changes), changes);
  });
  it('comes first, and makes ignore files where the project has none', () => {
    const directory = scratch();
    const changes = [changeOf({ to: 'a' }), backup(directory)];
    assert.deepEqual(shown(ignoringBackups(directory, changes)), [
      ['.gitignore', 'create', '', `# generator-comicpile\n${lineOfGit}\n`],
      ['.dockerignore', 'create', '', `# generator-comicpile\n${lineOfDocker}\n`],
      ...shown(changes),
    ]);
  });
  it('appends to those of the user, and knows the line that is there', () => {
    const directory = folderWith({ '.gitignore': 'mine/\n', '.dockerignore': `x\r\n${lineOfDocker}\r\n` });
    const [git, docker] = ignoringBackups(directory, [backup(directory)]);
    assert.deepEqual([git?.action, git?.after], ['extend', `mine/\n\n# generator-comicpile\n${lineOfGit}\n`]);
    assert.deepEqual([docker?.action, docker?.after], ['identical', docker?.before]);
  });
  it('adds to what is planned for them, once', () => {
    const directory = scratch();
    const planned = changeOf({ to: '.gitignore', kind: 'lines', action: 'create', after: 'ours\n' });
    const changes = ignoringBackups(directory, [planned, backup(directory)]);
    assert.deepEqual(
      changes.map(({ to }) => to),
      ['.gitignore', '.dockerignore', 'Dockerfile.before-comicpile'],
    );
    assert.equal(changes[0]?.after, `ours\n${lineOfGit}\n`);
    assert.deepEqual(ignoringBackups(directory, changes), changes);
  });
});
