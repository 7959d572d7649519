import assert from 'node:assert/strict';
import { imagesStarted, isDigest } from '../../../../src/emit/promises/pipeline/images.ts';

const hash = '0123456789abcdef'.repeat(4);

describe('an image', () => {
  for (const [image, expected] of [
    [`a/b@sha256:${hash}`, true],
    [`a/b:1@sha256:${hash}`, true],
    ['a/b:1', false],
    [`a/b@sha256:${hash.slice(1)}`, false],
    [`a/b@sha256:${hash}0`, false],
    [`a/b@sha256:${hash.toUpperCase()}`, false],
    [`a b@sha256:${hash}`, false],
    [`@sha256:${hash}`, false],
    ['', false],
  ] as const) {
    it(`${image} is ${expected ? 'a' : 'no'} digest`, () => assert.equal(isDigest(image), expected));
  }
});

describe('the images that a script starts', () => {
  for (const [script, ...images] of [
    ['docker run --rm a/b:1 x', 'a/b:1'],
    ['docker run \\\n  --rm \\\n  "a/b:1"', 'a/b:1'],
    ["podman pull 'a.example:5000/b/c:1'", 'a.example:5000/b/c:1'],
    ['nerdctl container create a/b@sha256:0', 'a/b@sha256:0'],
    ['docker pull a/b:1 && docker run c/d:2; docker run e/f:3 | x', 'a/b:1', 'c/d:2', 'e/f:3'],
    ['docker   run\t-v "$PWD":/src:ro a/b:1', 'a/b:1'],
    ['docker build --tag a/b:1 .'],
    ['docker push a/b:1'],
    ['docker run "$IMAGE"'],
    ['docker run --volume ./a/b:/c x'],
    ['echo run a/b:1'],
    ['# nothing'],
  ] as const) {
    it(`of ${JSON.stringify(script)}`, () => assert.deepEqual(imagesStarted(script), images));
  }
});
