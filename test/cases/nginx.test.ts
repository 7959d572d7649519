import assert from 'node:assert/strict';
import { type Directive as GeneratorDirective, readNginx } from '../../src/emit/promises/nginx.ts';
import { casesOf, describeIn, folderOf, runScript } from './languages.ts';

/** A directive: its name, its words and, where it has a block, the directives in it. */
type Directive = readonly (string | readonly Directive[])[];
/**
 * What nginx's ngx_conf_file.c makes of a configuration: `text` is nginx/nginx.conf, `files` what it may include. Either
 * `directives`, and the `lines` on which they begin (blocks before what is in them), or why nginx does not start.
 */
type Read = {
  readonly directives?: readonly Directive[];
  readonly lines?: readonly number[];
  readonly refused?: { readonly what: string; readonly line: number; readonly file?: string };
};
type Case = Read & {
  readonly name: string;
  readonly text: string;
  readonly files?: Readonly<Record<string, string>>;
  /**
   * What the generator's reader says instead, where that is decided: it refuses what it could not look into, stops at a depth that
   * nobody needs, and names the line where a quote opens.
   */
  readonly generatorRefuses?: string;
};
const cases = casesOf<Case>('nginx');

/** What scripts/audit/nginx.py reads of each case. */
const readByPython = (given: readonly Case[]): readonly Read[] => {
  const script = `
import json, sys
sys.path.insert(0, "scripts/audit")
import nginx
def plain(directives):
    return [[each.name, *each.words, *([] if each.block is None else [plain(each.block)])] for each in directives]
def read(case):
    try:
        root = nginx.load("nginx/nginx.conf", {"nginx/nginx.conf": case["text"], **case.get("files", {})})
    except nginx.Refused as refused:
        what, _, place = str(refused).rpartition(" in ")
        file, _, line = place.rpartition(":")
        return {"refused": {"what": what, "line": int(line), "file": file}}
    return {"directives": plain(root), "lines": [int(each.where.rpartition(":")[2]) for each, _ in nginx.walk(root)]}
json.dump([read(case) for case in json.load(sys.stdin)], sys.stdout)`;
  return JSON.parse(
    runScript('python3', script, folderOf('scripts/audit/nginx.py'), JSON.stringify(given)),
  ) as readonly Read[];
};

const plain = ({ words, block }: GeneratorDirective): Directive =>
  block === undefined ? words : [...words, block.map(plain)];

/** What src/emit/promises/nginx.ts reads; of a refusal it knows the line, in words of its own. */
const readByGenerator = (text: string) => {
  const { value, problem } = { value: undefined, problem: undefined, ...readNginx(text) };
  return { directives: value?.map(plain), problem, line: Number(/^line (\d+): /.exec(problem ?? '')?.[1]) };
};

const agrees = (read: Read | undefined, { directives, lines, refused, text }: Case): void => {
  const shown = JSON.stringify(text.slice(0, 200));
  const wanted = refused === undefined ? undefined : { file: 'nginx/nginx.conf', ...refused };
  assert.deepEqual(read?.refused, wanted, shown);
  assert.deepEqual(read?.directives, directives, shown);
  if (lines !== undefined) assert.deepEqual(read?.lines, lines, shown);
};

describe('a configuration of nginx', () => {
  it('has a table in which every case has its own name, and an end', () => {
    assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length);
    for (const { name, directives, refused } of cases) {
      assert.notEqual(directives === undefined, refused === undefined, name);
    }
  });

  describe('is read by the generator as by nginx', () => {
    // It looks at a file alone: nginxIncludes.ts holds that what a file includes is there.
    for (const { name, text, directives, refused, generatorRefuses } of cases.filter(
      ({ files }) => files === undefined,
    )) {
      it(name, () => {
        const read = readByGenerator(text);
        if (generatorRefuses !== undefined) return assert.equal(read.problem, generatorRefuses);
        assert.deepEqual(read.directives, directives, read.problem);
        if (refused !== undefined) assert.equal(read.line, refused.line, read.problem);
      });
    }
  });

  describeIn('python3', 'is read by the audit as by nginx', () => {
    let read: readonly Read[] = [];
    before('one process for all', () => {
      read = readByPython(cases);
    });
    for (const [index, row] of cases.entries()) {
      it(row.name, () => agrees(read[index], row));
    }
  });
});
