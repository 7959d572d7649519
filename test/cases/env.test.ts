import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '../../src/base/envFile.ts';
import { casesOf, describeIn, folderOf, runScript } from './languages.ts';

/**
 * What compose reads of an environment file (compose-go 2.16.2, dotenv.ParseWithLookup without an environment). Where it
 * refuses the file, the readers still say what stands there, and say the same.
 */
type Case = {
  readonly name: string;
  readonly text: string;
  readonly composeRefuses?: true;
  readonly values: Readonly<Record<string, string>>;
};
const cases = casesOf<Case>('env');

/** What scripts/lib.sh reads of each text. */
const readByBash = (texts: readonly string[], environment = ''): readonly Readonly<Record<string, string>>[] => {
  const directory = folderOf('scripts/lib.sh');
  for (const [index, text] of texts.entries()) writeFileSync(join(directory, `${index}`), text);
  const script = `. scripts/lib.sh; ${environment}
    for ((index = 0; index < ${texts.length}; index++)); do
      declare -A env=()
      read_env "$index"
      printf '%s\\0' "\${#env[@]}"
      for key in "\${!env[@]}"; do printf '%s\\0%s\\0' "$key" "\${env[$key]}"; done
      unset env
    done`;
  const words = runScript('bash', script, directory).split('\0').values();
  const word = (): string => words.next().value ?? assert.fail('bash said too little');
  return texts.map(() => Object.fromEntries(Array.from({ length: Number(word()) }, () => [word(), word()])));
};

const written = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

describe('an environment file', () => {
  it('has a table in which every case has its own name', () => {
    assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length);
    assert.ok(cases.length >= 70);
  });

  describe('is read by the generator as by compose', () => {
    for (const { name, text, values } of cases) {
      it(name, () => assert.deepEqual(Object.fromEntries(readEnv(text)), values, written(text)));
    }
  });

  describeIn('bash', 'is read by the emitted scripts as by compose', () => {
    let read: readonly Readonly<Record<string, string>>[] = [];
    before('one process for all', () => {
      read = readByBash(cases.map(({ text }) => text));
    });
    for (const [index, { name, text, values }] of cases.entries()) {
      it(name, () => assert.deepEqual(read[index], values, written(text)));
    }
  });

  describeIn('bash', 'in the emitted scripts', () => {
    it('a variable of the environment goes before one of the file', () => {
      const [values] = readByBash(['A=file\nB=$A ${A:-none} ${C-none}\n'], 'export A=outside C=');
      assert.deepEqual(values, { A: 'file', B: 'outside outside ' });
    });

    it('a variable that is not exported is none', () => {
      assert.deepEqual(readByBash(['A=${index-none} $key\n']), [{ A: 'none ' }]);
    });

    it('a new value takes the place of all lines of the former, and touches no other', () => {
      const directory = folderOf('scripts/lib.sh');
      const others = ['# mine', 'export A.b: "1"  # note', '', "C='one", 'B=no', "two' ", 'not an assignment', ''].join(
        '\n',
      );
      writeFileSync(join(directory, '.env.production'), `${others}B="one\ntwo" # note\nD=1\nB=3`);
      runScript('bash', '. scripts/lib.sh; env_write', directory, 'B=new\nE=2\n');
      assert.equal(readFileSync(join(directory, '.env.production'), 'utf8'), `${others}B=new\nD=1\nE=2\n`);
    });

    it('each long line of a value of several lines is hidden in logs', () => {
      const directory = folderOf('scripts/lib.sh', 'scripts/redact.sh');
      writeFileSync(
        join(directory, '.env.app'),
        "NOTE=\"{\nfirst line of a long value\n}\"\nAPI_TOKEN='it\\'s long'\n",
      );
      const script = `. scripts/lib.sh; . scripts/redact.sh; learn_from .env.app; printf '%s\\n' "\${values[@]}"`;
      assert.equal(runScript('bash', script, directory), "it's long\nfirst line of a long value\n");
    });

    it('a NUL is left out, and nothing else', () => {
      assert.deepEqual(readByBash(['A=1\0 2\n\0B=3\n']), [{ A: '1 2', B: '3' }]);
    });
  });
});
