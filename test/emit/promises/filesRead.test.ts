import { filesRead } from '../../../src/emit/promises/filesRead.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise filesRead', () => {
  isKeptByOurs(filesRead);
  const to = 'docker-compose.yml';
  const lines = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('');
  // Nine aliases to the one before, ten levels: a billion values, if anybody writes them out.
  const bomb = `x-a0: &a0 [x]\n${lines(10, (index) => `x-a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(9)}]\n`)}`;
  const yaml: readonly (readonly [string, string])[] = [
    ['a: [\n', 'deficient indentation'],
    ['a: {b: c\n', 'deficient indentation'],
    ['x-a: 1\nx-a: 2\n', 'duplicated mapping key'],
    ['x-a: *nobody\n', 'unidentified alias "nobody"'],
    ['x-a: &a [*a]\n', 'it contains itself'],
    ['x-a: !!python/object:os.system x\n', 'unknown scalar tag !<tag:yaml.org,2002:python/object:os.system>'],
    ['x-a: {<<: 1}\n', 'cannot merge mappings; the provided source object is unacceptable'],
    ['x-a: {"<<": {b: c}}\n', 'a merge key (<<) is in quotes'],
    ['? [a]\n: b\n', 'a key is no text'],
    ['?\n: b\n', 'a key is no text'],
    ['---\na: b\n', 'it is several documents'],
    [bomb, 'it is more than 100000 values with its aliases written out'],
    [`x-a: &a x\nx-b: [${'*a, '.repeat(2001)}]\n`, 'aliases exceeded maxAliases (2000)'],
    [`x-a: ${'['.repeat(200)}${']'.repeat(200)}\n`, 'nesting exceeded maxDepth (60)'],
    [`# ${'x'.repeat(500_000)}\n`, 'it is longer than 500000 characters'],
    ['# \u2028a\n', 'a character that tools read differently'],
    ['# \u2029a\n', 'a character that tools read differently'],
    ['# \u0085a\n', 'a character that tools read differently'],
    ['# \ufeffa\n', 'a character that tools read differently'],
    ['# \0a\n', 'a character that tools read differently'],
    ['# a\rb: c\n', 'a character that tools read differently'],
  ];
  breaks(
    filesRead,
    yaml.map(([more, problem]) => ({ to, edit: (text: string) => text + more, offence: problem })),
    (said, offence) =>
      said.length === 1 &&
      /^docker-compose\.yml cannot be read: (?:line \d+: )?/.test(said[0] ?? '') &&
      said[0]?.endsWith(offence) === true,
  );
  breaks(filesRead, [
    { to, edit: (text) => `%YAML 1.1\n${text}`, offence: 'docker-compose.yml cannot be read: line 1: a directive (%)' },
    ...[
      '.github/workflows/security.yml',
      'monitoring/prometheus/rules/app.yml',
      'monitoring/prometheus/tests/app.yml',
      'docker-compose.prod.yml',
      'docker-compose.monitoring.yml',
    ].map((path) => ({
      to: path,
      edit: () => 'a: b: c\n',
      offence: `${path} cannot be read: line 1: bad indentation of a mapping entry`,
    })),
    ...(
      [
        ['}\n', 'line 1: } is not expected there'],
        [';\n', 'line 1: ; is not expected there'],
        ['{ }\n', 'line 1: { is not expected there'],
        ['a "b\n', 'line 1: a quote that nothing closes'],
        ['a "b"c;\n', 'line 1: no space after a closing quote'],
        ['a b\n', 'line 2: a directive or a block does not end'],
        ['a {\n', 'line 2: a directive or a block does not end'],
        ['content_by_lua_block { os.execute("}") }\n', 'line 1: content_by_lua_block is code'],
        ['js_content main.hello;\n', 'line 1: js_content is code'],
        ['"perl_set" $a "sub { }";\n', 'line 1: perl_set is code'],
        ['a\0b;\n', 'it has a control character'],
        [`${'a {'.repeat(30)}${'}'.repeat(30)}\n`, 'line 1: blocks more than 20 deep'],
      ] as const
    ).map(([text, problem]) => ({
      to: 'nginx/snippets/tls.conf',
      edit: () => text,
      offence: `nginx/snippets/tls.conf cannot be read: ${problem}`,
    })),
  ]);
});
