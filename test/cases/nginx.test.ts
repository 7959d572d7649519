import assert from 'node:assert/strict';
import { casesOf, describeIn, folderOf, runScript } from './languages.ts';

/** A directive: its name, its words and, where it has a block, the directives in it. */
type Directive = readonly (string | readonly Directive[])[];
/**
 * What src/core/ngx_conf_file.c makes of a configuration: `text` is nginx/nginx.conf, `files` what it may include. Either
 * `directives`, and the `lines` on which they begin (blocks before what is in them), or why nginx does not start.
 */
type Read = {
  readonly directives?: readonly Directive[];
  readonly lines?: readonly number[];
  readonly refused?: { readonly what: string; readonly line: number; readonly file?: string };
};
type Case = Read & { readonly name: string; readonly text: string; readonly files?: Readonly<Record<string, string>> };
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
