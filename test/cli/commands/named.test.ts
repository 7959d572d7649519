import assert from 'node:assert/strict';
import { allNamed, named } from '../../../src/cli/commands/named.ts';
import { commandsOf } from '../../../src/cli/door.ts';

const door = { run: commandsOf('comicpile') };
const known = ['Dockerfile', 'nginx/nginx.conf', 'nginx/snippets/tls.conf', 'scripts/backup.sh'];

describe('named', () => {
  for (const [path, from, meant] of [
    ['scripts/backup.sh', '', 'scripts/backup.sh'],
    ['./scripts/backup.sh', '', 'scripts/backup.sh'],
    ['nginx//./nginx.conf', '', 'nginx/nginx.conf'],
    ['backup.sh', 'scripts', 'scripts/backup.sh'],
    ['./tls.conf', 'nginx/snippets', 'nginx/snippets/tls.conf'],
    ['nginx/nginx.conf', 'scripts', 'nginx/nginx.conf'],
    ['Dockerfile', '../elsewhere', 'Dockerfile'],
  ] as const) {
    it(`takes ${path}, seen from ${from || 'the project'}, for ${meant}`, () =>
      assert.equal(named(path, from, known, door), meant));
  }
  for (const path of ['../Dockerfile', 'scripts/../Dockerfile', '/etc/passwd', '..', 'C:/Dockerfile']) {
    it(`refuses ${path}`, () =>
      assert.throws(() => named(path, '', known, door), /is no path below the project's directory/));
  }
  it('says which one is meant, and how to list them', () => {
    assert.throws(() => named('ngnix/nginx.conf', '', known, door), {
      message:
        'There is no file "ngnix/nginx.conf" of ours. Did you mean "nginx/nginx.conf"? All files: comicpile file --list',
    });
    assert.throws(() => named('main.go', '', known, door), {
      message: 'There is no file "main.go" of ours. All files: comicpile file --list',
    });
  });
  it('shows no control characters', () =>
    assert.throws(
      () => named('\u001b[2J', '', known, door),
      (error: Error) => !error.message.includes('\u001b'),
    ));
});

describe('allNamed', () => {
  it('is each once', () =>
    assert.deepEqual(allNamed(['Dockerfile', './Dockerfile', 'scripts/backup.sh'], '', known, door), [
      'Dockerfile',
      'scripts/backup.sh',
    ]));
  it('refuses all that are none at once', () =>
    assert.throws(
      () => allNamed(['Dockerfil', '../x', 'Dockerfile'], '', known, door),
      /"Dockerfil"(?:.|\n)*"\.\.\/x"/,
    ));
});
