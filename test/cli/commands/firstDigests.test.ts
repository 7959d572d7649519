import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestsFile, readDigests } from '../../../src/policy/digests.ts';
import { scratch, silentDoor } from '../../fixture.ts';
import { generateIn } from '../../generateIn.ts';
import { comicpile } from '../../inProcess.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const tells = `printf '{"digest":"${digest}"}\\n'`;

/** A first run with this program as docker, alone on PATH; none: without one. */
const firstRun = async (docker: string | undefined, directory = scratch(), more = {}) => {
  const bin = scratch();
  if (docker !== undefined) writeFileSync(join(bin, 'docker'), `#!/bin/sh\n${docker}\n`, { mode: 0o755 });
  const door = silentDoor();
  const path = process.env.PATH;
  process.env.PATH = bin;
  try {
    const flags = { domain: 'app.example.test' };
    assert.equal(await generateIn(directory, door, flags, { skipInstall: false, ...more }), 0);
  } finally {
    process.env.PATH = path;
  }
  return { directory, said: door.said.join('\n'), dockerfile: readFileSync(join(directory, 'Dockerfile'), 'utf8') };
};

describe('firstDigests', () => {
  it('gives a new project its images by digest, without drift, and the second run nothing to do', async () => {
    const { directory, said, dockerfile } = await firstRun(tells);
    assert.match(dockerfile, new RegExp(`^FROM python:3\\.13-slim@${digest} AS runtime$`, 'm'));
    assert.doesNotMatch(said, /by their tags/);
    assert.ok(Object.keys(readDigests(directory)).length >= 5);
    assert.equal((await comicpile(directory, 'check')).code, 0);
    assert.match((await firstRun('exit 1', directory)).said, /Nothing to change/);
  });

  it('of somebody else need a word, as an older image has holes that are closed by now; an update asks anew', async () => {
    const { directory } = await firstRun(tells);
    const path = join(directory, digestsFile);
    writeFileSync(path, readFileSync(path, 'utf8').replace(digest, `sha256:${'b'.repeat(64)}`));
    const { code, stderr } = await comicpile(directory, '');
    assert.equal(code, 2);
    assert.match(stderr, /needs your word[\s\S]*images\.json takes \d+ images by digest[\s\S]*@sha256:b{64}/);
    assert.equal((await comicpile(directory, 'check', { allow: 'outdated' })).code === 2, false);
    assert.equal((await comicpile(directory, '', { trust: true })).code, 0);
  });

  it('takes the tags where a registry is down, all of them, says so, and asks no more', async () => {
    const asked = join(scratch(), 'asked');
    const { directory, said, dockerfile } = await firstRun(`echo >>${asked}; echo 'no such host' >&2; exit 1`);
    assert.match(said, /named by their tags \(\S+: no such host\): `comicpile images update` pins them/);
    assert.match(dockerfile, /^FROM python:3\.13-slim AS runtime$/m);
    assert.deepEqual(readDigests(directory), {});
    assert.ok(readFileSync(asked, 'utf8').length <= 4);
  });

  it('takes the tags where Docker is not here, and asks nobody with --skip-install', async () => {
    assert.match((await firstRun(undefined)).said, /named by their tags \(docker is not installed here\)/);
    const quiet = await firstRun(tells, scratch(), { skipInstall: true });
    assert.doesNotMatch(quiet.said, /by their tags|registries/);
    assert.match(quiet.dockerfile, /^FROM python:3\.13-slim AS runtime$/m);
  });

  it('is not for a project that has digests, nor for a run that only looks', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'keep'), '');
    const asked = join(scratch(), 'asked');
    const door = silentDoor();
    assert.equal(await generateIn(directory, door, {}, { dryRun: true, skipInstall: false }), 1);
    assert.doesNotMatch(door.said.join('\n'), /registries|by their tags/);
    await firstRun(tells, directory);
    const before = readFileSync(join(directory, digestsFile), 'utf8');
    await firstRun(`echo >>${asked}`, directory);
    assert.throws(() => readFileSync(asked));
    assert.equal(readFileSync(join(directory, digestsFile), 'utf8'), before);
  });
});
