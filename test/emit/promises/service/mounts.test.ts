import assert from 'node:assert/strict';
import { inProject, mount, mountsOf, overlaps, tmpfs, volume } from '../../../../src/emit/promises/service/mounts.ts';
import { mapIn, readYaml } from '../../../../src/emit/promises/yaml.ts';
import { judges } from './said.ts';

describe('a mount', () => {
  judges(mount, {
    allowed: [
      'data:/data',
      './nginx:/etc/nginx:ro',
      './uploads:/uploads',
      '/srv/app:/data',
      '/etc/localtime:/etc/localtime:ro',
      './scripts:/scripts:ro',
      'data:/data:rw,z',
      '/cache',
      '${NO:-data}:/data',
      '{type: volume, source: data, target: /data, volume: {nocopy: true, subpath: a/b}}',
      '{type: bind, source: ./x, target: /x, read_only: true, bind: {create_host_path: false}}',
      '{type: tmpfs, target: /tmp, tmpfs: {size: 64m}}',
    ],
    refused: [
      '/var/run/docker.sock:/x',
      '/:/host:ro',
      '/srv/../etc:/x',
      '/srv/app/../../etc:/x',
      '/srv:/x',
      '/etc/localtime:/x',
      '~/.ssh:/x:ro',
      '../other:/x:ro',
      'a/../../b:/x',
      'C:\\:/x',
      './scripts:/scripts',
      '.:/project',
      './x/../scripts:/scripts:rw',
      './scripts/deploy.sh:/x',
      './scripts:/x:ro,rw',
      '${SOCKET}:/x',
      '${NO:-/etc}:/x',
      '${NO}:/x',
      'data:/data:shared',
      'data:/data:ro:rw',
      ':/x',
      '{type: bind, source: /etc, target: /x}',
      '{type: bind, source: "${SOCKET}", target: /x, read_only: true}',
      '{type: bind, source: ./x, target: /x, bind: {propagation: shared}}',
      '{type: npipe, source: x, target: /x}',
      '{type: bind, source: ./scripts, target: /x, read_only: "false"}',
      '{type: volume, source: data, target: /x, volume: {subpath: ../x}}',
      '[data:/data]',
    ],
  });
});

describe('a tmpfs', () =>
  judges(tmpfs, {
    allowed: ['/tmp', '/tmp:size=64m,mode=1777,noexec,nosuid', '/run:uid=101,gid=101'],
    refused: ['tmp', '/tmp:suid', '/tmp:dev', '/tmp:size=x', '/tmp:', '${NO}', '[/tmp]'],
  }));

describe('a volume', () =>
  judges(volume, {
    allowed: [
      '',
      '{}',
      '{driver: local, name: x, labels: {a: b}}',
      '{external: true, name: x}',
      '{driver_opts: {type: tmpfs, device: tmpfs, o: "size=64m,mode=0700"}}',
      '{driver_opts: {type: nfs, device: ":/export", o: "addr=10.0.0.1,rw"}}',
    ],
    refused: [
      'x',
      '{driver: other}',
      '{driver_opts: {type: none, device: /, o: bind}}',
      '{driver_opts: {device: /, o: bind}}',
      '{driver_opts: {type: nfs, device: /, o: "rw,bind"}}',
      '{driver_opts: {type: nfs, device: /, o: "addr=10.0.0.1,suid"}}',
      '{driver_opts: {type: ext4, device: /dev/sda1}}',
      '{driver_opts: {type: "${NO:-nfs}", device: /}}',
    ],
  }));

describe('the mounts of a service', () => {
  const mounts = (text: string) => {
    const { value = null } = { value: undefined, ...readYaml(`volumes: ${text}`) };
    return mountsOf(mapIn(value), new Map([['ONE', './one']])).map(
      ({ source, isBind, isReadOnly, makesSource }) => [source, isBind, isReadOnly, makesSource] as const,
    );
  };
  it('are as compose reads their short form', () => {
    assert.deepEqual(mounts('[./a:/a:ro, b:/b, /c, "d:/d:ro,rw", "~/e:/e:z,ro"]'), [
      ['./a', true, true, true],
      ['b', false, false, true],
      ['', false, false, true],
      ['d', false, false, true],
      ['~/e', true, true, true],
    ]);
  });
  it('and their long one', () => {
    assert.deepEqual(
      mounts('[{type: bind, source: a, read_only: True, bind: {create_host_path: False}}, {type: volume, source: b}]'),
      [
        ['a', true, true, false],
        ['b', false, false, true],
      ],
    );
  });
  it('are all that variables may make of them', () => {
    assert.deepEqual(
      mounts('["${ONE:-./two}:/a", {type: bind, source: "$ONE"}]').map(([source]) => source),
      ['./one', './two', './one'],
    );
  });
});

describe('a path', () => {
  it('is in the project, or is not', () => {
    assert.deepEqual(
      ['./a/', 'a/../b', '.', 'a/..', '..', '../a', 'a/../../b', '/a', '~', '\\a', 'c:/a'].map(inProject),
      ['a', 'b', '.', '.', undefined, undefined, undefined, undefined, undefined, undefined, undefined],
    );
  });
  it('overlaps with what it is, what it holds and what holds it', () => {
    assert.ok(overlaps('.', 'a'));
    assert.ok(overlaps('a', 'a'));
    assert.ok(overlaps('a', 'a/b'));
    assert.ok(overlaps('a/b', 'a'));
    assert.ok(!overlaps('a', 'ab'));
    assert.ok(!overlaps('a/b', 'a/c'));
  });
});
