import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Door } from '../../src/base/door.ts';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { commandsOf } from '../../src/cli/door.ts';
import { scratch } from '../fixture.ts';
import { generateIn } from '../generateIn.ts';
import { Project } from '../userProject.ts';
import { writePack } from './somePack.ts';

const bin = join(packageRoot(), 'dist/bin/comicpile.js');
const answers = ['--yes', '--skip-install', '--domain', 'app.example.test'];
const page = 'nginx/pages/maintenance.json.ejs';
const flags = { domain: 'app.example.test', packs: './one' };

/** Templates that would write a file if they ever ran. */
const writes = (path: string): readonly string[] => {
  const code = `process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(path)}, 'ran')`;
  return [
    `<% ${code} -%>\n`,
    `<%- ${code} %>\n`,
    `<%_ ${code} _%>\n`,
    `<%= ${code} %>\n`,
    `<%- site.constructor.constructor(${JSON.stringify(code)})() %>\n`,
    `<% if (${code}) { -%><% } -%>\n`,
    `<% for (const x of [${code}]) { -%><% } -%>\n`,
  ];
};

describe('trust', () => {
  const asked: string[] = [];
  const door = (answer: boolean): Door => ({
    interactive: true,
    run: commandsOf('comicpile'),
    say: () => {},
    prompt: async (prompts) => {
      asked.push(...prompts.map(({ message }) => message));
      return Object.fromEntries(prompts.map(({ name }) => [name, answer]));
    },
  });
  beforeEach(() => {
    asked.length = 0;
  });

  it('a new pack is asked about once, and again when it changes; no is an end without a file', async () => {
    const directory = scratch();
    writePack(join(directory, 'one'), {}, { [page]: '"one"\n' });
    await assert.rejects(generateIn(directory, door(false), flags), /Without it nothing was done/);
    assert.equal(existsSync(join(directory, 'nginx')), false);
    assert.deepEqual(asked, ['The pack ./one 1.0.0 is new here. Use it?']);
    assert.equal(await generateIn(directory, door(true), flags), 0);
    assert.equal(await generateIn(directory, door(false), flags), 0);
    assert.equal(asked.length, 2);
    writePack(join(directory, 'one'), {}, { [page]: '"two"\n' }, '1.1.0');
    await assert.rejects(generateIn(directory, door(false), flags), /Without it/);
    assert.equal(asked.at(-1), 'The pack ./one 1.1.0 has changed since the 1.0.0 of .comicpile/lock.json. Use it?');
    assert.equal(readFileSync(join(directory, 'nginx/pages/maintenance.json'), 'utf8'), '"one"\n');
  });

  it('without a terminal a new pack is refused; --trust is the word for machines; to look needs none', () => {
    const project = new Project();
    writePack(join(project.directory, 'one'), {}, { [page]: '"one"\n' });
    const first = project.comicpile(bin, ...answers, '--packs', './one');
    assert.equal(first.code, 2);
    assert.match(first.stderr, /needs your word[\s\S]*the pack \.\/one 1\.0\.0 is new here[\s\S]*--trust/i);
    assert.match(project.comicpile(bin, ...answers, '--packs', './one', '--dry-run').stdout, /maintenance\.json/);
    assert.equal(project.has('nginx'), false);
    project.must(bin, ...answers, '--packs', './one', '--trust');
    writePack(join(project.directory, 'one'), {}, { [page]: '"two"\n' }, '1.1.0');
    for (const verb of [['update', '--allow-dirty'], []]) {
      const { code, stderr } = project.comicpile(bin, ...verb);
      assert.equal(code, 2, verb.join(' '));
      assert.match(stderr, /has changed since the 1\.0\.0/);
    }
    project.must(bin, 'templates', 'check');
    assert.match(project.must(bin, 'templates', 'list'), /^nginx\/pages\/maintenance\.json {2}\.\/one$/m);
    assert.match(project.comicpile(bin, 'diff', 'nginx/pages/maintenance.json').stdout, /"two"/);
  });

  it('no word makes code of a template: that of a pack is refused, and never runs', () => {
    const project = new Project();
    const proof = join(scratch(), 'proof');
    for (const code of writes(proof)) {
      writePack(join(project.directory, 'one'), {}, { [page]: code });
      const { code: exit, stderr } = project.comicpile(bin, ...answers, '--packs', './one', '--trust');
      assert.equal(exit, 2);
      assert.match(
        stderr,
        /^ {2}- \.\/one\/nginx\/pages\/maintenance\.json\.ejs:1: <%.* is not in the grammar of templates$/m,
      );
      assert.deepEqual([existsSync(proof), project.has('nginx')], [false, false]);
    }
  });

  it('nor that of the project itself', () => {
    const project = new Project();
    const proof = join(scratch(), 'proof');
    const own = join(project.directory, '.comicpile/templates', page);
    mkdirSync(dirname(own), { recursive: true });
    for (const code of ['{"sum": <%- 1 + 1 %>}\n', ...writes(proof)]) {
      writeFileSync(own, code);
      const { code: exit, stderr } = project.comicpile(bin, ...answers, '--trust');
      assert.equal(exit, 2);
      assert.match(stderr, /\.comicpile\/templates\/nginx\/pages\/maintenance\.json\.ejs:1: <%/);
      assert.deepEqual([existsSync(proof), project.has('nginx')], [false, false]);
    }
  });

  it('check names a pack that has moved, or that the lock has not', () => {
    const project = new Project();
    writePack(join(project.directory, 'one'), {}, { [page]: '"one"\n' });
    project.must(bin, ...answers, '--packs', './one', '--trust');
    project.must(bin, 'check');
    writePack(join(project.directory, 'one'), {}, { [page]: '"two"\n' });
    const { code, stdout } = project.comicpile(bin, 'check');
    assert.equal(code, 1);
    assert.match(stdout, /^pack +\.\/one: /m);
    assert.match(stdout, /^outdated +nginx\/pages\/maintenance\.json: /m);
    project.must(bin, 'update', '--trust');
    project.must(bin, 'check');
  });
});
