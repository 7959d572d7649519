import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '../../src/base/envFile.ts';
import { casesOf, describeIn, folderOf, runScript } from './languages.ts';

/** What scripts/lib.sh finds in these texts as .env.app (or another file), in one process. */
const findingsIn = (texts: readonly (string | Uint8Array)[], call = 'literal'): readonly string[] => {
  const directory = folderOf('scripts/lib.sh');
  for (const [index, text] of texts.entries()) writeFileSync(join(directory, `${index}`), text);
  const script = `. scripts/lib.sh
    for ((index = 0; index < ${texts.length}; index++)); do env_findings "$index" ${call} && echo ok; printf '\\0'; done`;
  return runScript('bash', script, directory).split('\0').slice(0, -1);
};

const SECRET = 's3cr3t';

/** Values that a file may hold, and how each is written in single quotes. */
const VALUES: readonly string[] = [
  'pa$5w0rd$Xyz',
  '${HOME}$$',
  `it's "quoted" and \\backslashed\\n`,
  ' blanks at both ends ',
  'a # b#c',
  'first line\nSECOND=line\n# third',
  'Grüße, 東京, \u{1F511}',
  '$x # "\' '.repeat(8192),
];
const quoted = (value: string): string => `NAME='${value.replaceAll("'", "\\'")}'\n`;

describeIn('bash', 'what Compose would change in .env.app', () => {
  const refused: readonly (readonly [text: string, line: number, name: string, why: RegExp])[] = [
    [`A=1\nMAIL_PASSWORD=pa$5w0rd$${SECRET}\n`, 2, 'MAIL_PASSWORD', /\$/],
    [`A="x$${SECRET}"\n`, 1, 'A', /double quotes/],
    [`A=\${DB_PASSWORD}\n`, 1, 'A', /\$/],
    [`A=${SECRET}$$x\n`, 1, 'A', /\$/],
    [`A=a\\$${SECRET}\n`, 1, 'A', /\$/],
    [`A="a\\\\$${SECRET}"\n`, 1, 'A', /double quotes/],
    [`A="${SECRET}\nB=2\n`, 1, 'A', /never closes/],
    [`A='${SECRET}\\'\n`, 1, 'A', /never closes/],
    [`A='one\ntwo'\nB="a" ${SECRET}\n`, 3, 'B', /after the quote/],
    [`A="a"B=${SECRET}\n`, 1, 'A', /after the quote/],
    [`A=a # ${SECRET}\n`, 1, 'A', /cuts/],
    [`A=${SECRET} \n`, 1, 'A', /cuts/],
    [`A= ${SECRET}\n`, 1, 'A', /after the =/],
    [`\n# x\n${SECRET}\n`, 3, 'the variable', /no value/],
    [`A ${SECRET}=x\n`, 1, 'the variable', /no value/],
    [`=${SECRET}\n`, 1, 'the variable', /no value/],
    [`A=${'x'.repeat(131_072)}\n`, 1, 'A', /128 KiB/],
  ];

  it('is named with its line and its name, and the value is not shown', () => {
    const found = findingsIn(refused.map(([text]) => text));
    for (const [index, [text, line, name, why]] of refused.entries()) {
      const said = found[index] ?? '';
      assert.ok(said.startsWith(`${index} line ${line}: ${name} `), `${JSON.stringify(text.slice(0, 80))}: ${said}`);
      assert.match(said, why);
      assert.match(said, /^[^\n]+\n$/, 'one line');
      assert.doesNotMatch(said, new RegExp(`${SECRET}|5w0rd|DB_PASSWORD`));
    }
  });

  it('is found in bytes that are no UTF-8, and in a NUL', () => {
    const [bytes = '', nul = ''] = findingsIn([
      Uint8Array.from([0x41, 0x3d, 0xff, 0x0a]),
      Uint8Array.from([0x41, 0x3d, 0x00, 0x0a]),
    ]);
    assert.match(bytes, /line 1: A is no UTF-8/);
    assert.match(nul, /NUL/);
  });

  it('is nothing in double quotes with the escapes that these findings say, whatever the value', () => {
    const values = [...VALUES, "a\\' b", 'ends with \\', '\\\\$x'];
    const texts = values.map((value) => `NAME="${value.replaceAll(/[\\"$]/g, '\\$&')}"\n`);
    assert.deepEqual(
      findingsIn(texts),
      texts.map(() => 'ok\n'),
    );
    assert.deepEqual(
      texts.map((text) => readEnv(text).get('NAME')),
      values,
    );
  });

  it('is nothing in what is written as these findings say, and the value is the same', () => {
    const texts = VALUES.map(quoted);
    assert.deepEqual(
      findingsIn(texts),
      texts.map(() => 'ok\n'),
    );
    assert.deepEqual(
      texts.map((text) => readEnv(text).get('NAME')),
      VALUES,
    );
  });

  it('is nothing in plain values, in escapes of double quotes, in comments, and at the ends of lines of Windows', () => {
    const texts = [
      '# a comment\n\n  # another\nA=plain\nexport B=x#y\nC = z\nD: w\nE=\nF=""\nG=a$5$ b\n',
      'A="\\$x and a \\\\ and a \\" and\\na line" # note\n',
      "\uFEFFA=b\r\nB='c'\r\n\r\n",
      '',
    ];
    assert.deepEqual(
      findingsIn(texts),
      texts.map(() => 'ok\n'),
    );
  });

  it('is found in each file that Compose refuses', () => {
    const cases = casesOf<{ readonly text: string; readonly composeRefuses?: true }>('env').filter(
      (row) => row.composeRefuses,
    );
    assert.ok(cases.length >= 5);
    for (const [index, said] of findingsIn(cases.map(({ text }) => text)).entries()) {
      assert.notEqual(said, 'ok\n', JSON.stringify(cases[index]?.text));
    }
  });

  it('is no comment behind a setting in .env.production, but a $ is', () => {
    const [comment, reference] = findingsIn(['HTTPS_PORT=8443 # behind the balancer\n', 'A=x$y\n'], '');
    assert.equal(comment, 'ok\n');
    assert.match(reference ?? '', /line 1: A has a \$/);
  });

  it('stops a script before it has done anything, with what to write', () => {
    const directory = folderOf('scripts/lib.sh');
    writeFileSync(join(directory, '.env.app'), `MAIL_PASSWORD=$${SECRET}\n`);
    const script = '. scripts/lib.sh; (need_env_app 2>said; echo wrong); code=$?; cat said; echo "$code"';
    const said = runScript(
      'bash',
      script.replace('. scripts', 'set +e; . scripts').replace('(need', 'set +e; (need'),
      directory,
    );
    assert.match(said, /^bash: .*nothing was changed\n\.env\.app line 1: MAIL_PASSWORD has a \$/);
    assert.match(said, /write MAIL_PASSWORD='…'/);
    assert.match(said, /\n1\n$/);
    assert.doesNotMatch(said, new RegExp(SECRET));
  });
});

describeIn('bash', 'what Compose says of values', () => {
  /** What compose() of lib.sh prints where `docker` is a program that says these words. */
  const said = (words: string, file: string): string => {
    const directory = folderOf('scripts/lib.sh');
    mkdirSync(join(directory, 'bin'));
    writeFileSync(join(directory, 'words'), words);
    writeFileSync(join(directory, '.env.app'), file);
    const docker = join(directory, 'bin', 'docker');
    writeFileSync(docker, '#!/usr/bin/env bash\necho out\ncat words >&2\nexit 7\n');
    chmodSync(docker, 0o755);
    const script = '. scripts/lib.sh; PATH=$PWD/bin:$PATH; set +e; compose up 2>said; echo "$?"; cat said';
    return runScript('bash', script, directory);
  };

  it('never shows pieces of them, tells what is wrong, and the exit code and stdout are its own', () => {
    const words = [
      `time="…" level=warning msg="The \\"${SECRET}\\" variable is not set. Defaulting to a blank string."`,
      `WARN[0000] The "${SECRET}" variable is not set. Defaulting to a blank string.`,
      `failed to read /x/.env.app: line 3: unterminated quoted value "${SECRET}`,
      `line 1: unexpected character "," in variable name "A,${SECRET}=c"`,
      `failed to read /x/.env.app: Invalid template: "a$\{${SECRET}"`,
      `required variable ${SECRET} is missing a value: ${SECRET}`,
      'Container app-1  Started',
      '',
    ].join('\n');
    const text = said(words, `A=$${SECRET}\n`);
    assert.doesNotMatch(text, new RegExp(SECRET));
    assert.match(text, /^out\n7\n/);
    assert.match(text, /\.env\.app line 1: A has a \$/);
    assert.match(text, /Container app-1 {2}Started\n$/);
    assert.equal(text.match(/\.env\.app line 1/g)?.length, 1, 'once');
  });

  it('is shown where it speaks of the compose files', () => {
    const words = 'required variable DB_PASSWORD is missing a value: scripts/generate-secrets.sh\n';
    assert.equal(said(words, 'A=1\n'), `out\n7\n${words}`);
  });
});
