import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { flagOf, type Question, questionKeys, questions } from '../src/answers/questions.ts';
import { packageRoot } from '../src/base/packageRoot.ts';
import { treatments } from '../src/changes/conflicts.ts';
import { findingKinds } from '../src/cli/commands/findings.ts';
import { verbs } from '../src/cli/verbs.ts';
import { artifacts, owners, templateOf } from '../src/emit/catalogue.ts';
import { slotsIn } from '../src/emit/slots.ts';
import { nameable } from '../src/model/places.ts';
import { graceNames, previousName, secretHolders, secretNames, secretTable } from '../src/model/secrets.ts';
import { connections } from '../src/policy/connections.ts';
import { engines } from '../src/policy/engines.ts';
import { kinds } from '../src/team/kinds.ts';
import { judged } from './model/weakValues.ts';

const read = (path: string) => readFileSync(join(packageRoot(), path), 'utf8');

/** All that is written in the repository, but for the output, the apps of somebody, and what npm and the build put there. */
const written = (): string[] =>
  ['.', 'docs', '.ci', 'bench', 'bin', 'build', 'generators', 'src', 'templates', 'test'].flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { recursive: folder !== '.', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(packageRoot().length + 1))
      .filter((path) => !/^test\/(?:golden|projects)\/|^CHANGELOG/.test(path)),
  );

/** The paths of this repository that a text names; up to the folder where it goes on with `*`, `{` or `<`. */
const pathsIn = (text: string, roots: readonly string[]): string[] =>
  [...text.matchAll(new RegExp(`(?<![\\w./@-])(?:${roots.join('|')})/[\\w./-]*(?=(.?))`, 'g'))].map(([path, next]) =>
    /[*{<]/.test(next ?? '') ? path.slice(0, path.lastIndexOf('/') + 1) : path.replace(/\.+$/, ''),
  );

const commentsOf = (code: string): string =>
  code
    .split('\n')
    .flatMap((line) => /^\s*(?:\/\/|\/?\*).*|\s\/\/ .*/.exec(line) ?? [])
    .join('\n');

type PackSchema = {
  readonly properties: {
    readonly questions: {
      readonly additionalProperties: { readonly properties: { readonly kind: { readonly enum: readonly string[] } } };
    };
  };
};

describe('documentation', () => {
  for (const key of questionKeys) {
    it(`docs/questions.md has ${key} with its flag, default and help`, () => {
      const question: Question = questions[key];
      const row = read('docs/questions.md')
        .split('\n')
        .find((line) => line.startsWith(`| \`${key}\` |`));
      assert.ok(row);
      for (const part of [`--${flagOf(key)}`, question.default || 'none', question.help, ...(question.choices ?? [])]) {
        assert.ok(row.includes(part), part);
      }
    });
  }
  it('README.md names every owner', () => {
    for (const owner of Object.keys(owners))
      assert.ok(new RegExp(`comicpile nginx.*\\b${owner}\\b`).test(read('README.md')), owner);
  });

  it('docs/operations.md has the versions of the engine and of Compose, and README.md leads there', () => {
    const section = read('docs/operations.md').split('## The engine and Compose\n')[1]?.split('\n## ', 1)[0] ?? '';
    const row = (name: string) => section.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';
    const { leastEngine, leastCompose, ipv6Engine, vendorEngine, foreignCompose, ...others } = engines;
    assert.ok(row('Docker engine').startsWith(`| Docker engine | ${leastEngine} | ${ipv6Engine}: IPv6 for networks;`));
    assert.ok(row('Docker Compose').startsWith(`| Docker Compose | ${leastCompose} | ${foreignCompose}: the audit`));
    assert.ok(section.includes(`a build of Docker's own from ${vendorEngine} on`));
    assert.deepEqual(others, {});
    assert.match(read('README.md'), /docs\/operations\.md#the-engine-and-compose/);
  });

  it('docs/customising.md has every slot, and no other', () => {
    const slots = artifacts.flatMap(({ to }) => {
      const names = slotsIn(read(`templates/${templateOf({ owner: 'docker', to })}`));
      return names.length === 0 ? [] : [`${to}: ${names.join(', ')}`];
    });
    const table = read('docs/customising.md').split('| file | slots |\n')[1]?.split('\n\n', 1)[0] ?? '';
    const words = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
    const rows = table
      .split('\n')
      .slice(1)
      .flatMap((row) => {
        const [, files, names] = row.split('|');
        return words(files).map((file) => `${file}: ${words(names).join(', ')}`);
      });
    assert.deepEqual(rows.sort(), slots.sort());
  });
  it('docs/customising.md has every value of the policy, and every kind of question', () => {
    const text = read('docs/customising.md');
    const { properties } = JSON.parse(read('schemas/policy.schema.json')) as {
      properties: Record<string, { properties?: object }>;
    };
    for (const [section, { properties: values = {} }] of Object.entries(properties).slice(1)) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${section}\` |`)) ?? '';
      assert.deepEqual(
        [...row.matchAll(/`([A-Za-z]+)`/g)].slice(1, 1 + Object.keys(values).length).map(([, name]) => name),
        Object.keys(values),
        section,
      );
    }
    for (const kind of Object.keys(kinds))
      assert.match(text, new RegExp(`^Kinds of questions:[\\s\\S]*?\`${kind}\``, 'm'));
    const { kind } = (JSON.parse(read('schemas/pack.schema.json')) as PackSchema).properties.questions
      .additionalProperties.properties;
    assert.deepEqual(kind.enum, ['choice', ...Object.keys(kinds)]);
  });
  it('docs/updating.md has every finding of check, and README.md every verb', () => {
    for (const kind of Object.keys(findingKinds))
      assert.match(read('docs/updating.md'), new RegExp(`^\\| \`${kind}\` \\|`, 'm'));
    for (const verb of Object.keys(verbs))
      assert.match(read('README.md'), new RegExp(`comicpile[@\\w]* ${verb}\\b`), verb);
  });

  it('docs/existing.md has every file that can have another name, and every word of --existing', () => {
    const text = read('docs/existing.md');
    for (const { usual, other, key } of nameable) {
      assert.ok(text.includes(`| \`${usual}\` | \`${other}\` |`), usual);
      assert.match(text, new RegExp(`names\\.${key}\\b|\`${key}\``), key);
    }
    for (const treatment of treatments) assert.ok(text.includes(`\`--existing ${treatment}\``), treatment);
  });

  const secretRow = (name: string) =>
    read('docs/secrets.md')
      .split('\n')
      .find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
  for (const name of secretNames) {
    it(`docs/secrets.md has ${name} as the table of secrets has it`, () => {
      const { why, rotates } = secretTable[name];
      const [, , what, services, rotation] = secretRow(name)
        .split(' | ')
        .join('|')
        .split('|')
        .map((cell) => cell.trim());
      assert.deepEqual([what, rotation], [why, rotates]);
      const [always, ifExists = ''] = (services ?? '').split('; ');
      assert.equal(always, (secretHolders(false).get(name) ?? []).map((service) => `\`${service}\``).join(', '));
      const also = secretHolders(true).get(name)?.slice(secretTable[name].services.length) ?? [];
      assert.equal(ifExists, also.map((service) => `\`${service}\` of an app that exists`).join());
    });
  }
  it('docs/secrets.md has each value from before a rotation that the app gets, and no other', () => {
    const named = [...read('docs/secrets.md').matchAll(/^\| `([A-Z_]+_PREVIOUS)` \|/gm)].map((match) => match[1]);
    assert.deepEqual(named, graceNames(false).map(previousName));
    assert.deepEqual(graceNames(true), ['SECRET_KEY']);
    for (const name of graceNames(false)) assert.match(secretRow(previousName(name)), /\| `app` \|/);
  });
  it('docs/secrets.md has every reason why a value is none', () => {
    for (const { reason } of judged) assert.ok(reason === null || read('docs/secrets.md').includes(`| ${reason} |`));
  });
  it('docs/operations.md has the numbers of the connections', () => {
    const { replicas, poolSize, maxOverflow, app, owner, others, reserved, maximum } = connections({
      appIsNew: true,
      hasOwnerRole: true,
    });
    const text = read('docs/operations.md');
    assert.ok(
      text.includes(`${replicas} replicas x (\`DB_POOL_SIZE\` ${poolSize} + \`DB_MAX_OVERFLOW\` ${maxOverflow})`),
    );
    const section = text.slice(text.indexOf('## Connections'));
    const numbers = [...section.matchAll(/^\| .* \| (\d+) \|$/gm)].map((match) => Number(match[1]));
    assert.deepEqual(numbers, [app, owner, others - owner - reserved, reserved, maximum]);
    const exists = (hasOwnerRole: boolean) => connections({ appIsNew: false, hasOwnerRole });
    assert.ok(section.includes(`may have ${exists(true).app} of the ${exists(true).maximum}`));
    assert.ok(section.includes(`${exists(false).app} without migrations`));
  });

  describe('names only what exists:', () => {
    const roots = [
      '\\.ci',
      'bench',
      'bin',
      'build',
      'docs',
      'generators',
      'schemas',
      'scaffold',
      'src',
      'templates',
      'test',
    ];
    // In these, docs/ and templates/ are folders of the user's project.
    const ofUsers = ['docs/customising.md', 'docs/existing.md', 'README.md'];
    // A built file lies in dist/, under the name of its source.
    const exists = (named: string): boolean =>
      [named, named.replace(/\.js$/, '.ts')].some((each) => existsSync(join(packageRoot(), each)));
    const missing = (path: string, text: string, of = roots): string[] =>
      pathsIn(text, of).flatMap((named) => (exists(named) ? [] : [`${path}: ${named}`]));

    it('README.md, CONTRIBUTING.md and docs/', () => {
      const pages = written().filter((path) => /^[^/]+\.md$|^docs\//.test(path));
      assert.ok(pages.length > 10);
      const strayed = pages.flatMap((path) =>
        missing(path, read(path), ofUsers.includes(path) ? ['src', 'test'] : roots),
      );
      assert.deepEqual(strayed, []);
    });
    it('links between them', () => {
      const strayed = written()
        .filter((path) => path.endsWith('.md'))
        .flatMap((path) =>
          [...read(path).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
            .map(([, to = '']) => join(path, '..', to))
            .flatMap((to) => (existsSync(join(packageRoot(), to)) ? [] : [`${path}: ${to}`])),
        );
      assert.deepEqual(strayed, []);
    });
    it('comments in code', () => {
      const code = written().filter((path) => /\.m?ts$|\.mjs$/.test(path));
      assert.ok(code.length > 300);
      assert.deepEqual(
        code.flatMap((path) => missing(path, commentsOf(read(path)))),
        [],
      );
    });
    it('templates, of what is ours', () => {
      const templates = written().filter((path) => path.startsWith('templates/'));
      assert.ok(templates.length > 80);
      const named = templates.flatMap((path) => missing(path, read(path), ['templates', 'src', 'test']));
      assert.deepEqual(
        named.filter((name) => /\.(?:ts|ejs)$/.test(name)),
        [],
      );
    });
    it('and finds what does not', () => {
      const text =
        '`src/questions.ts`, src/policy/{tls,x}.ts. A test/<room>/x: docs/none.md. (src/stack.ts), ../src/old.ts';
      assert.deepEqual(missing('a', text), ['a: src/questions.ts', 'a: docs/none.md', 'a: src/stack.ts']);
      assert.equal(commentsOf("a = 'lib/x'; // as lib/y\n/** lib/z */"), ' // as lib/y\n/** lib/z */');
    });
  });

  it('docs/architecture.md and CONTRIBUTING.md have the rooms in the order of the linter', async () => {
    const config = pathToFileURL(join(packageRoot(), '.dependency-cruiser.mjs')).href;
    const { rooms } = (await import(config)) as { readonly rooms: readonly string[] };
    assert.ok(read('docs/architecture.md').includes(`\n  ${rooms.join(' --> ')}\n`));
    for (const room of rooms) assert.ok(read('docs/architecture.md').includes(`\n  ${room}["<b>${room}</b><br>`), room);
    assert.ok(read('CONTRIBUTING.md').includes(`those before it: ${rooms.join(', ')}.`));
  });
});
