import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
/** A template that writes a file when it runs. */
const writes = (path: string): string =>
  `<% process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(path)}, 'ran') %>{"sum": <%- 1 + 1 %>}\n`;

const flags = { domain: 'app.example.test', packs: './one' };

describe('trust', function () {
  this.timeout(60_000);
  const home = process.env.XDG_CONFIG_HOME;
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
    process.env.XDG_CONFIG_HOME = scratch();
    asked.length = 0;
  });
  after(() => {
    if (home === undefined) delete process.env.XDG_CONFIG_HOME;
    else process.env.XDG_CONFIG_HOME = home;
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

  it('code runs only after a yes, which is for this content and this machine', async () => {
    const directory = scratch();
    const proof = join(scratch(), 'proof');
    writePack(join(directory, 'one'), {}, { [page]: writes(proof) });
    await assert.rejects(generateIn(directory, door(false), flags), /Without it/);
    assert.match(
      asked[0] ?? '',
      /are code, which runs on this machine:\n {2}nginx\/pages\/maintenance\.json\.ejs: not in the template grammar: <%/,
    );
    assert.equal(existsSync(proof), false);
    assert.equal(await generateIn(directory, door(true), flags), 0);
    assert.equal(readFileSync(join(directory, 'nginx/pages/maintenance.json'), 'utf8'), '{"sum": 2}\n');
    assert.equal(existsSync(proof), true);
    assert.equal(await generateIn(directory, door(false), flags), 0);
    // Whoever clones it has the lock, and yet is asked.
    const clone = scratch();
    cpSync(directory, clone, { recursive: true });
    process.env.XDG_CONFIG_HOME = scratch();
    await assert.rejects(generateIn(clone, door(false), flags), /Without it/);
  });

  it('without a terminal it is refused, by every verb that renders; --trust is the word for machines', () => {
    const project = new Project();
    const proof = join(scratch(), 'proof');
    writePack(join(project.directory, 'one'), {}, { [page]: writes(proof) });
    const first = project.comicpile(bin, ...answers, '--packs', './one');
    assert.equal(first.code, 2);
    assert.match(first.stderr, /needs your word[\s\S]*\.\/one\/nginx\/pages\/maintenance\.json\.ejs: [\s\S]*--trust/);
    project.must(bin, ...answers, '--packs', './one', '--trust');
    assert.equal(existsSync(proof), true);
    for (const verb of [
      ['check'],
      ['update', '--allow-dirty'],
      ['diff', 'nginx/nginx.conf'],
      ['templates', 'check'],
      ['--dry-run'],
    ]) {
      const { code, stderr } = project.comicpile(bin, ...verb);
      assert.equal(code, 2, verb.join(' '));
      assert.match(stderr, /needs your word/);
    }
    for (const verb of [['check'], ['update'], ['templates', 'check'], ['--dry-run']])
      project.must(bin, ...verb, '--trust');
    // To look at the list nothing is run.
    assert.match(project.must(bin, 'templates', 'list'), /^nginx\/pages\/maintenance\.json {2}\.\/one$/m);
  });

  it('what is shown of code is harmless on a terminal', () => {
    const project = new Project();
    writePack(join(project.directory, 'one'), {}, { [page]: `<% "\u001b]0;x\u0007\u001b[2J${'a'.repeat(500)}" %>\n` });
    const { stderr } = project.comicpile(bin, ...answers, '--packs', './one');
    assert.match(stderr, /not in the template grammar: <% " \]0;x \[2Ja+\.\.\.$/m);
    assert.doesNotMatch(stderr, /[^\x20-\x7e\n]/);
  });

  it('the project’s own templates are held to the grammar, too', () => {
    const project = new Project();
    const own = join(project.directory, '.comicpile/templates', page);
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, '{"sum": <%- 1 + 1 %>}\n');
    const { code, stderr } = project.comicpile(bin, ...answers);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /\.comicpile\/templates\/nginx\/pages\/maintenance\.json\.ejs: not in the template grammar: <%- 1 \+ 1 %>/,
    );
    project.must(bin, ...answers, '--trust');
    assert.equal(project.read('nginx/pages/maintenance.json'), '{"sum": 2}\n');
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
