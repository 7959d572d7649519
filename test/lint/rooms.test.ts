import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { entriesBelow, readText } from '../../src/base/files.ts';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { folderWith } from '../fixture.ts';

const config = join(packageRoot(), '.dependency-cruiser.mjs');
const tool = join(packageRoot(), 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const dependencies = ['inquirer', 'yeoman-generator'];

/** The real linter with the real rules, on a tree of its own: each offence as `rule: from > to`, and the exit code. */
const lint = async (files: Readonly<Record<string, string>>) => {
  const packages = dependencies.flatMap((name) => [
    [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
    [`node_modules/${name}/index.js`, 'export default 1;'],
  ]);
  const manifest = JSON.stringify({ dependencies: Object.fromEntries(dependencies.map((name) => [name, '1.0.0'])) });
  const cwd = folderWith({ ...files, 'package.json': manifest, ...Object.fromEntries(packages) });
  const args = ['--config', config, '--output-type', 'err', 'src', 'bin', 'generators', 'build'];
  const { stdout, exitCode } = await execa(process.execPath, [tool, ...args], { cwd, reject: false });
  const offences = [...stdout.matchAll(/error ([\w-]+): (\S+) →\s+(\S+)/g)];
  return { exitCode, offences: offences.map(([, rule, from, to]) => `${rule}: ${from} > ${to}`).sort() };
};

// Where the linter looks: the smallest tree that breaks no rule.
const clean = {
  'src/base/git.ts': 'export type Git = string; export const git: Git = "git";',
  'src/model/stack.ts':
    "import { git } from '../base/git.ts'; import type { Git } from '../base/git.ts'; export const x: Git = git;",
  'src/cli/ask.ts': "export const ask = async () => [await import('inquirer'), await import('../model/stack.ts')];",
  'bin/comicpile.ts':
    "import '../src/cli/ask.ts'; import type { Git } from '../src/base/git.ts'; export type Door = Git;",
  'generators/subgenerator.ts':
    "import Generator from 'yeoman-generator'; import '../src/cli/ask.ts'; export { Generator };",
  'generators/app/index.ts': "export { Generator as default } from '../subgenerator.ts';",
  'build/validators.ts': "import '../src/model/stack.ts';",
};

describe('the rooms of src/', () => {
  let rooms: readonly string[];
  before(async () => {
    ({ rooms } = (await import(pathToFileURL(config).href)) as { readonly rooms: readonly string[] });
  });

  it('are the folders of src/, and nothing lies beside them', () => {
    assert.deepEqual([...rooms].sort(), readdirSync(join(packageRoot(), 'src')).sort());
  });

  it('may import downwards, and load later what takes long', async () => {
    assert.deepEqual(await lint(clean), { exitCode: 0, offences: [] });
  });

  // One tree for all of it: each start of the linter costs a second.
  it('import nothing upwards, from whichever room and in whatever form; no circle; nothing that is not theirs', async () => {
    const upwards = rooms.flatMap((room, floor) => rooms.slice(floor + 1).map((above) => ({ room, above })));
    const up = (file: string) => `base-imports-upwards: src/base/${file}.ts > src/model/stack.ts`;
    const { exitCode, offences } = await lint({
      ...clean,
      ...Object.fromEntries(rooms.map((room) => [`src/${room}/top.ts`, 'export const top = 1;'])),
      ...Object.fromEntries(
        upwards.map(({ room, above }) => [`src/${room}/to-${above}.ts`, `import '../${above}/top.ts';`]),
      ),
      'src/base/aType.ts': "import type { x } from '../model/stack.ts'; export type X = typeof x;",
      'src/base/inlineType.ts': "import { type x } from '../model/stack.ts'; export type X = typeof x;",
      'src/base/typeQuery.ts': "export type X = typeof import('../model/stack.ts');",
      'src/base/later.ts': "export const later = async () => await import('../model/stack.ts');",
      'src/base/passedOn.ts': "export * from '../model/stack.ts';",
      'src/model/hen.ts': "import type { Egg } from './egg.ts'; export type Hen = Egg | 1;",
      'src/model/egg.ts': "export type Egg = import('./hen.ts').Hen;",
      'src/team/asked.ts': "import inquirer from 'inquirer'; export { inquirer };",
      'src/team/yeoman.ts': "import type Generator from 'yeoman-generator'; export type G = Generator;",
      'src/team/tested.ts': "import '../../test/fixture.ts';",
      'test/fixture.ts': 'export const fixture = 1;',
      'src/model/reads.ts': "import { readFileSync } from 'node:fs'; export { readFileSync };",
      'src/model/readsLater.ts': "export const fs = async () => await import('node:fs/promises');",
      'src/team/readsByOldName.ts': "import fs from 'fs'; export { fs };",
      'src/team/aTypeOfFiles.ts': "import type { Stats } from 'node:fs'; export type S = Stats;",
      'src/base/disk/tree.ts': "import { readFileSync } from 'node:fs'; export { readFileSync };",
      'src/answers/answersFile.ts': "import { readFileSync } from 'node:fs'; export { readFileSync };",
      'bin/reads.ts': "import { readFileSync } from 'node:fs'; export { readFileSync };",
      'src/helpers/strings.ts': 'export const trim = 1;',
      'src/helpers/more.ts': "import '../base/top.ts';",
      'src/cli/trimmed.ts': "import '../helpers/strings.ts';",
      'bin/other.ts': "import '../src/model/stack.ts';",
      'generators/nginx/index.ts': "import '../app/index.ts';",
    });
    const expected = [
      ...upwards.map(({ room, above }) => `${room}-imports-upwards: src/${room}/to-${above}.ts > src/${above}/top.ts`),
      ...['aType', 'inlineType', 'typeQuery', 'later', 'passedOn'].map(up),
      'circle: src/model/egg.ts > src/model/hen.ts',
      'inquirer-at-start-up: src/team/asked.ts > node_modules/inquirer/index.js',
      'yeoman-outside-generators: src/team/yeoman.ts > node_modules/yeoman-generator/index.js',
      'src-imports-its-users: src/team/tested.ts > test/fixture.ts',
      'files-past-the-door: src/model/reads.ts > fs',
      'files-past-the-door: src/model/readsLater.ts > fs/promises',
      'files-past-the-door: src/team/readsByOldName.ts > fs',
      'files-past-the-door: src/team/aTypeOfFiles.ts > fs',
      'files-past-the-door: bin/reads.ts > fs',
      'in-no-room: src/helpers/more.ts > src/base/top.ts',
      'imports-from-no-room: src/cli/trimmed.ts > src/helpers/strings.ts',
      'door-imports-too-much: bin/other.ts > src/model/stack.ts',
      'door-imports-too-much: generators/nginx/index.ts > generators/app/index.ts',
    ];
    assert.deepEqual(offences, expected.sort());
    assert.equal(exitCode, expected.length);
  });

  // What no linter sees as an import: who adds one here says what it loads.
  it('load nothing of files past the door by another way', () => {
    const ways =
      /(?:getBuiltinModule|process\.binding|\brequire|createRequire\(import\.meta\.url\))\((?!import\.meta)[^)]*\)/g;
    const found = ['src', 'bin', 'generators'].flatMap((folder) =>
      entriesBelow(join(packageRoot(), folder))
        .filter(({ path }) => path.endsWith('.ts'))
        .flatMap(({ path }) => [...readText(packageRoot(), `${folder}/${path}`).matchAll(ways)].map(([way]) => way)),
    );
    assert.deepEqual(found.sort(), [
      "createRequire(import.meta.url)('commander')",
      'createRequire(import.meta.url)(join(packageRoot()',
      "getBuiltinModule('node:child_process')",
      "getBuiltinModule('node:net')",
      "require('ejs')",
    ]);
  });
});
