import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeIn, folderOf } from '../cases/languages.ts';
import { scratch } from '../fixture.ts';

/** An engine with files for its volumes, and in `containers` the directory that each was made from; `docker compose` tells its variables. */
const engine = `#!/usr/bin/env bash
here=\${0%/*} name=\${!#}
case "$1 $2" in
  'volume ls') case $name in name=*) name=\${name#name=^} && ls "$here/volumes" | grep -xF -- "\${name%$}" ;; *) ls "$here/volumes" ;; esac ;;
  'volume inspect') cat "$here/volumes/$name" 2>/dev/null ;;
  'volume create')
    for word; do [[ $word != comicpile.directory=* ]] || (set -o noclobber; echo "\${word#*=}" >"$here/volumes/$name") 2>/dev/null; done
    ;;
  'volume rm') rm -- "$here/volumes/$name" ;;
  'info --format') echo "\${DOCKER_HOST:-one}" ;;
  'compose version' | 'version ') ;;
  compose*) env | sed -n 's/^\\(COMPOSE_[A-Z_]*\\)=.*/\\1/p' ;;
  ps*) cat "$here/containers" ;;
  *) exit 1 ;;
esac
exit 0
`;

describeIn('bash', 'whose deployment this is', () => {
  let docker: string;
  beforeEach(() => {
    docker = scratch();
    mkdirSync(join(docker, 'volumes'));
    writeFileSync(join(docker, 'containers'), '');
    writeFileSync(join(docker, 'docker'), engine);
    chmodSync(join(docker, 'docker'), 0o755);
  });

  /** A directory of the project; `tag` is what it has deployed. */
  const project = (tag = 'initial'): string => {
    const folder = folderOf('scripts/lib.sh', 'scripts/releases.sh', 'scripts/status.sh');
    mkdirSync(join(folder, '.lock'));
    writeFileSync(join(folder, '.env.production'), `APP_TAG=${tag}\nHTTPS_PORT=127.0.0.1:1\n`);
    return folder;
  };
  const environment = (more: Readonly<Record<string, string>> = {}) => ({
    PATH: `${docker}:${process.env.PATH}`,
    ...more,
  });
  const inBash = (cwd: string, script: string, more: Readonly<Record<string, string>> = {}) =>
    spawnSync('bash', ['-c', `. scripts/lib.sh; ${script}`], { cwd, env: environment(more), encoding: 'utf8' });
  const take = 'need docker; own_deployment';
  const mark = (directory: string): void =>
    writeFileSync(join(docker, 'volumes/comic-pile_deployment'), `${directory}\n`);

  it('a first deploy that is still at work keeps its name', () => {
    const [first, second] = [project(), project()];
    assert.equal(inBash(first, take).status, 0);
    const { status, stderr } = inBash(second, take);
    assert.equal(status, 1, stderr);
    assert.ok(stderr.includes(`comic-pile on this engine is the deployment in ${first}, not this directory`), stderr);
    assert.match(stderr, /if it is given up, docker volume rm comic-pile_deployment/);
    assert.equal(inBash(first, take).status, 0);
  });

  it('of two at once, one has it', async () => {
    for (let round = 0; round < 6; round += 1) {
      const codes = await Promise.all(
        [project(), project(), project()].map(
          (cwd) =>
            new Promise<number | null>((resolve) => {
              const child = spawn('bash', ['-c', `. scripts/lib.sh; ${take}`], { cwd, env: environment() });
              child.once('close', resolve);
            }),
        ),
      );
      assert.equal(codes.filter((code) => code === 0).length, 1, codes.join());
      rmSync(join(docker, 'volumes/comic-pile_deployment'));
    }
  });

  it('one that has made nothing gives it back, and what is left of a directory that is gone is nobody’s', () => {
    const [first, second] = [project(), project()];
    assert.equal(inBash(first, `${take}; disown_deployment`).status, 0);
    assert.equal(inBash(second, take).status, 0);
    mark('/nowhere/at/all');
    assert.equal(inBash(first, take).status, 0);
    assert.equal(inBash(second, take).status, 1);
  });

  it('with data beside the mark, a directory that is gone takes a word', () => {
    mark('/nowhere/at/all');
    writeFileSync(join(docker, 'volumes/comic-pile_db-data'), '');
    const here = project('20260101T000000Z');
    const { status, stderr } = inBash(here, take);
    assert.equal(status, 1, stderr);
    assert.match(
      stderr,
      /was deployed from \/nowhere\/at\/all, which is gone; nothing was touched\n {2}next: .*--moved/,
    );
    assert.equal(inBash(here, `moved=yes; ${take}; disown_deployment`).status, 0);
    assert.equal(inBash(project(), take).status, 1);
  });

  it('no variable of the caller tells Compose what to do', () => {
    const names = 'FILE PROFILES ENV_FILES COMPATIBILITY REMOVE_ORPHANS STATUS_STDOUT PATH_SEPARATOR ANSI'.split(' ');
    const more = Object.fromEntries(names.map((name) => [`COMPOSE_${name}`, '1']));
    const { status, stdout, stderr } = inBash(project(), 'compose ps', more);
    assert.deepEqual({ status, stdout }, { status: 0, stdout: '' }, stderr);
  });

  it('another name or another engine is refused', () => {
    const here = project();
    assert.equal(inBash(here, take).status, 0);
    const named = inBash(here, 'need docker', { COMPOSE_PROJECT_NAME: 'elsewhere' });
    assert.match(named.stderr, /COMPOSE_PROJECT_NAME is elsewhere, but this deployment is comic-pile/);
    const led = inBash(here, 'need docker', { DOCKER_HOST: 'tcp://elsewhere:2376' });
    assert.match(led.stderr, /on another Docker engine .*DOCKER_HOST=tcp:\/\/elsewhere:2376/);
    assert.deepEqual([named.status, led.status], [1, 1]);
  });

  it('the status of a release from before its files were kept comes from audit.log', () => {
    const here = project('20260101T000000Z');
    const log = [
      '2026-01-01T00:00:05Z deploy ok by=anna@host release=20260101T000000Z revision=abc image=sha256:1 former=none',
      '2026-01-02T00:00:00Z deploy failed by=anna@host release=20260102T000000Z revision=def step=build',
    ];
    writeFileSync(join(here, 'audit.log'), `${log.join('\n')}\n`);
    const status = () => spawnSync('scripts/status.sh', { cwd: here, env: environment(), encoding: 'utf8' });
    chmodSync(join(here, 'scripts/status.sh'), 0o755);
    const { stdout, stderr } = status();
    assert.match(stdout, /^release +20260101T000000Z, since 2026-01-01T00:00:05Z, by anna@host$/m, stderr);
    assert.match(stdout, /^git +abc; /m);
    writeFileSync(join(here, '.env.production'), 'APP_TAG=initial\nHTTPS_PORT=127.0.0.1:1\n');
    assert.match(status().stdout, /^release +none yet/m);
  });
});
