import assert from 'node:assert/strict';
import { buildImages } from '../../src/model/images.ts';
import { ourPolicy } from '../../src/policy/policy.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('the images', () => {
  it('are ours, each by the name of its service', () => {
    const { images, imageNames } = buildImages('3.12', ourPolicy, {}, undefined);
    assert.equal(images.python, 'python:3.12-slim');
    assert.deepEqual(imageNames, [...new Set(Object.values(images))]);
  });
  it('are those of the policy where it has others', () => {
    const policy = { ...ourPolicy, images: { nginx: 'registry.example/nginx:1' } };
    const { images, imageNames } = buildImages('3.12', policy, {}, undefined);
    assert.equal(images.nginx, 'registry.example/nginx:1');
    assert.ok(imageNames.includes('registry.example/nginx:1'));
    assert.ok(!imageNames.some((name) => name.startsWith('nginxinc/')));
  });
  it('have their digest where it is known; what is pulled is asked for by tag', () => {
    const digests = { 'python:3.12-slim': { digest, resolved: '2026-01-01' } };
    const { images, imageNames } = buildImages('3.12', ourPolicy, digests, undefined);
    assert.equal(images.python, `python:3.12-slim@${digest}`);
    assert.ok(!images.nginx.includes('@'));
    assert.ok(imageNames.includes('python:3.12-slim'));
  });
  it('and that of the frontend, once', () => {
    const { imageNames } = buildImages('3.12', ourPolicy, {}, 'node:22-slim');
    assert.equal(imageNames.filter((name) => name === 'node:22-slim').length, 1);
    const { imageNames: same } = buildImages('3.12', ourPolicy, {}, 'python:3.12-slim');
    assert.equal(same.filter((name) => name === 'python:3.12-slim').length, 1);
  });
});
