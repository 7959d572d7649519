import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { digest } from '../../src/base/digest.ts';
import { type Cloned, cloned, generated } from './strange/cloned.ts';
import { oddities, places, put } from './strange/oddities.ts';

/** The one refusal, which names these. */
const refuses = ({ code, said }: { readonly code: number | null; readonly said: string }, ...named: string[]): void => {
  assert.equal(code, 2, said);
  assert.match(said, /^These places of ours hold what cannot be used \(nothing was written\):\n/m);
  for (const name of named) assert.ok(said.includes(`\n  - ${name} `), `${name}: ${said}`);
  assert.doesNotMatch(said, /\n\s+at /);
};

const writing: readonly (readonly string[])[] = [
  ['--yes', '--skip-install', '--domain', 'app.example.test'],
  ['--yes'],
  ['nginx', '--yes', '--domain', 'app.example.test'],
  ['update'],
  ['images', 'update'],
  ['eject', 'nginx/nginx.conf'],
];

describe('a repository that somebody else has written', () => {
  it('has a journal of a killed run with a target outside, or in git: it is not carried on', () => {
    for (const target of ['../home/.ssh/authorized_keys', '.git/hooks/post-checkout']) {
      for (const args of writing) {
        const { directory, outside, comicpile, write, at } = cloned();
        execFileSync('git', ['init', '--quiet'], { cwd: directory });
        const staging = '.comicpile-staging-999999999-x';
        write(`${staging}/journal.json`, JSON.stringify([{ from: '0', to: target, folderMode: 448 }]));
        write(`${staging}/0`, '#!/bin/sh\nid\n');
        const { said } = comicpile(...args);
        assert.match(said, new RegExp(`^${staging} is not of a run of yours on this machine`, 'm'), args.join(' '));
        assert.equal(existsSync(at(target.startsWith('.git') ? target : 'none')), false);
        assert.deepEqual(readdirSync(at(staging)).sort(), ['0', 'journal.json']);
        outside.hold(args.join(' '));
      }
    }
  });

  it('has a lock that names a file outside: it is neither read nor deleted', () => {
    const { outside, comicpile, write, at } = generated();
    const lock = JSON.parse(readFileSync(at('.comicpile/lock.json'), 'utf8')) as { files: Record<string, string> };
    const { '.bashrc': text = '' } = outside.texts;
    const files = { ...lock.files, '../home/.bashrc': digest(text), '../home/folder/deep': digest('x') };
    write('.comicpile/lock.json', JSON.stringify({ ...lock, files }));
    for (const args of [['update'], ['update', '--dry-run'], ['check'], ['--yes'], ['images', 'list']]) {
      const { code, said } = comicpile(...args);
      assert.equal(code, 2, said);
      assert.match(said, /files: \.\.\/home\/\.bashrc leads out of the project\n.*folder\/deep leads out/);
      outside.hold(args.join(' '));
    }
  });

  it('has a link in the place of .yo-rc.json: it stays one, and nothing of its target is read', () => {
    const { directory, outside, comicpile, link } = generated();
    link('.yo-rc.json', join(outside.root, '.docker/config.json'));
    for (const args of [...writing, ['check'], ['detect'], ['audit'], ['templates', 'list']]) {
      refuses(comicpile(...args), '.yo-rc.json');
      outside.hold(args.join(' '), directory);
    }
  });

  it('has a link in the place of a folder of merge bases: nothing is written behind it', () => {
    for (const folder of ['.comicpile/base', '.comicpile', 'nginx']) {
      const { directory, outside, comicpile, link, at } = generated();
      renameSync(at(folder), at('former'));
      link(folder, join(outside.root, 'folder'));
      for (const args of [
        ['--yes', '--body-size', '20m', '--force'],
        ['update', '--body-size', '20m'],
      ]) {
        refuses(comicpile(...args), folder);
        outside.hold(args.join(' '), directory);
      }
    }
  });

  it('has a link among its templates: what it leads to stands in no file', () => {
    for (const path of ['SECURITY.md.extra/more.ejs', 'SECURITY.md.extra', 'SECURITY.md.ejs', 'none/x']) {
      const { directory, outside, comicpile, link } = generated();
      const target = path.endsWith('.ejs') || path.endsWith('x') ? '.aws/credentials' : '.aws';
      link(`.comicpile/templates/${path}`, join(outside.root, target));
      for (const args of [...writing, ['check'], ['diff', 'SECURITY.md'], ['templates', 'list']]) {
        refuses(comicpile(...args), `.comicpile/templates/${path}`);
        outside.hold(args.join(' '), directory);
      }
    }
  });

  it('has pipes, devices and files without end in the place of ours: a run ends, and lists them all', () => {
    const { directory, outside, comicpile, link, pipe, at } = generated();
    pipe('.env.production');
    link('.yo-rc.json', '/dev/zero');
    pipe('.comicpile/policy.json');
    pipe('nginx/nginx.conf');
    rmSync(at('SECURITY.md'));
    execFileSync('truncate', ['--size', '1T', at('SECURITY.md')]);
    const all = ['.env.production', '.yo-rc.json', '.comicpile/policy.json', 'nginx/nginx.conf', 'SECURITY.md'];
    for (const args of [...writing, ['check'], ['detect'], ['audit'], ['diff', 'SECURITY.md']]) {
      refuses(comicpile(...args), ...all);
      outside.hold(args.join(' '), directory);
    }
    // Each of them is enough, and in a project that has nothing else.
    for (const path of ['.yo-rc.json', '.env.production']) {
      for (const make of [(one: Cloned) => one.pipe(path), (one: Cloned) => one.link(path, '/dev/zero')]) {
        const one = cloned();
        make(one);
        for (const args of writing) refuses(one.comicpile(...args), path);
        assert.deepEqual(readdirSync(one.directory), [path]);
      }
    }
  });
});

const commands: readonly (readonly string[])[] = [
  ['--yes', '--skip-install', '--force'],
  ['--yes', '--skip-install', '--existing', 'keep', '--body-size', '20m'],
  ['nginx', '--yes'],
  ['file', 'nginx/nginx.conf', 'SECURITY.md', '--yes', '--force'],
  ['update', '--body-size', '30m', '--restore'],
  ['update', '--dry-run'],
  ['check'],
  ['diff', 'nginx/nginx.conf'],
  ['eject', 'Dockerfile'],
  ['images', 'list'],
  ['templates', 'list'],
  ['detect'],
  ['audit'],
];
const runs = Number(process.env.RUNS ?? 100);

describe('whatever is at any place that is read or written', () => {
  const whole = generated();

  it(`each command ends with a word, writes nothing outside and shows nothing of it, ${runs} times`, () => {
    const ends = new Map<number | null, number>();
    const oddity = fc.record({ place: fc.constantFrom(...places), kind: fc.constantFrom(...Object.keys(oddities)) });
    const story = fc.record({
      odd: fc.array(oddity, { minLength: 1, maxLength: 3 }),
      command: fc.constantFrom(...commands),
    });
    fc.assert(
      fc.property(story, ({ odd, command }) => {
        const { directory, outside, comicpile } = cloned(whole.directory);
        const there = odd.filter(({ place, kind }) => put(directory, place, kind, outside.root));
        outside.settle();
        const { code, said } = comicpile(...command);
        ends.set(code, (ends.get(code) ?? 0) + 1);
        const what = JSON.stringify({ there, command });
        assert.ok(code === 0 || code === 1 || code === 2, `${what} ended with ${code}: ${said}`);
        assert.doesNotMatch(said, /\n\s+at .*:\d+:\d+|node:internal/, what);
        outside.hold(what, directory, said);
        rmSync(dirname(directory), { recursive: true });
      }),
      { numRuns: runs, seed: 20_261_130, endOnFailure: true },
    );
    console.log(`      ends: ${[...ends].map(([code, count]) => `${count} with ${code}`).join(', ')}`);
    assert.ok((ends.get(2) ?? 0) > runs / 4, 'most of it is refused');
  });
});
