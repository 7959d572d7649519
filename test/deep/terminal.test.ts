import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { writePack } from '../team/somePack.ts';
import { Project } from '../userProject.ts';

const bin = join(packageRoot(), 'dist/bin/comicpile.js');

/** Names of files, and texts, that a terminal would obey, or that hide what they are. */
const hostile = {
  'escape sequences': 'x\u001b[2J\u001b[1A\u001b[2Ky',
  'a sequence of one character': 'x\u009b2Jy',
  'a link': 'x\u001b]8;;https:\u0007y',
  'the other direction': 'x\u202egnp.\u202c\u2066y',
  'no width': 'x\u200b\u2060\ufeffy',
  'another line': 'x\n  - Everything was checked\ry',
  'a colour': 'x\u001b[32my',
} as const;

const obeyed = /[\u0080-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
/** What every command says of a file whose name has control characters, before it looks at anything else. */
const noName = /has characters that no file of ours has/;

describe('names that a terminal would obey', () => {
  for (const [what, name] of Object.entries(hostile)) {
    const isRefused = /\p{Cc}/u.test(name);
    it(`${what}: no command says them as they are`, () => {
      const project = new Project();
      const put = (path: string, text: string): void => {
        mkdirSync(dirname(join(project.directory, path)), { recursive: true });
        writeFileSync(join(project.directory, path), text);
      };
      const answers = ['--yes', '--skip-install', '--domain', 'app.example.test'];
      const run = (...args: string[]): string => {
        const { stdout, stderr } = project.comicpile(bin, ...args);
        const said = stdout + stderr;
        assert.ok(!said.includes('\u001b') && !obeyed.test(said) && !said.includes('\r'), JSON.stringify(said));
        assert.doesNotMatch(said, /^ {2}- Everything was checked/m);
        return said;
      };
      const checks = [['templates', 'list'], ['templates', 'check'], ['check'], ['check', '--json']] as const;
      run(...answers);
      put(`.comicpile/templates/${name}.ejs`, `<%- ${name} %>\n`);
      if (isRefused) {
        for (const command of [...checks, ['--trust'], ['--diff']]) assert.match(run(...command), noName);
        rmSync(join(project.directory, `.comicpile/templates/${name}.ejs`));
        put('.comicpile/templates/mine.ejs', `<%- ${name} %>\n`);
      }
      assert.match(run('templates', 'list'), /does nothing/);
      for (const command of checks) assert.doesNotMatch(run(...command), noName);
      put('.comicpile/templates/ops.mk.extra/targets.ejs', `<%= ${name} %>\n`);
      assert.match(run('--trust'), /is not in the grammar/);
      put('.comicpile/templates/ops.mk.extra/targets.ejs', '');
      put('.comicpile/policy.json', JSON.stringify({ headers: { [name]: { value: name, why: name } } }));
      assert.match(run('--trust'), /is not a header/);
      put('.comicpile/policy.json', JSON.stringify({ [name]: 1, images: { nginx: name } }));
      assert.match(run('--trust'), /nothing was written/);
      put('.comicpile/policy.json', '{}');
      const file = `scripts/${name}.sh.ejs`;
      writePack(join(project.directory, 'one'), {}, { [file]: 'x\n' }, name);
      if (isRefused) {
        assert.match(run('--packs', './one'), noName);
        rmSync(join(project.directory, 'one/templates', file));
        writePack(join(project.directory, 'one'), {}, { 'scripts/mine.sh.ejs': `${name}\n` }, name);
      }
      assert.match(run('--packs', './one'), /needs your word/);
      writePack(join(project.directory, 'one'), { artifacts: [{ to: name, owner: name, [name]: 1 }] });
      assert.match(run('--packs', './one'), /cannot be used/);
      put('one/comicpile-pack.json', `{"${name}`);
      assert.match(run('--packs', './one'), /cannot be used/);
      put('Dockerfile', `FROM x\n# ${name}\nRUN ${name}\n`);
      run('diff', 'Dockerfile');
      run('--diff');
      put('.yo-rc.json', JSON.stringify({ 'generator-comicpile': { [name]: name, domain: name, appName: name } }));
      assert.match(run(), /nothing was written/);
      put('.yo-rc.json', `{"${name}`);
      assert.match(run(), /cannot be read/);
    });

    it(`${what}: nor what is found of an app that exists`, () => {
      const project = new Project();
      const put = (path: string, text: string): void => {
        mkdirSync(dirname(join(project.directory, path)), { recursive: true });
        writeFileSync(join(project.directory, path), text);
      };
      put(
        `src/${name}/main.py`,
        `from fastapi import FastAPI\nimport os\napp = FastAPI()\nURL = os.environ["${name}"]\n`,
      );
      put(
        'pyproject.toml',
        `[project]\nname = "a"\ndependencies = ["fastapi", "psycopg[binary]"]\n# ${name.replace(/[\n\r]/g, '')}\n`,
      );
      put('Dockerfile', `FROM python:3.13 # ${name}\nENV A="${name}"\nCMD uvicorn $A\n`);
      for (const args of [['detect'], ['detect', '--json'], ['--yes', '--skip-install', '--app-entry', name]]) {
        const { stdout, stderr } = project.comicpile(bin, ...args);
        const said = stdout + stderr;
        assert.ok(!said.includes('\u001b') && !obeyed.test(said) && !said.includes('\r'), JSON.stringify(said));
        assert.doesNotMatch(said, /^ {2}- Everything was checked/m);
        if (args[1] === '--json') JSON.parse(stdout);
      }
    });
  }
});
