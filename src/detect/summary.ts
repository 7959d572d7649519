import { printable } from '../base/printable.ts';
import type { Detection } from './detection.ts';
import type { Evidence, Finding } from './model.ts';
import { locationOf } from './model.ts';
import { queueText, rowText, workersText } from './texts.ts';

/** One line of what was found: what, its value, how sure, and where. */
export type Row = {
  readonly what: string;
  readonly value: string;
  readonly confidence: string;
  readonly evidence: readonly Evidence[];
};

const row = (what: string, finding: Finding<unknown> | undefined, value?: string): Row => ({
  what,
  value: finding === undefined ? 'none' : (value ?? String(finding.value)),
  confidence: finding?.confidence ?? '',
  evidence: finding?.evidence ?? [],
});

const all = (findings: readonly Finding<unknown>[]): readonly Evidence[] =>
  findings.flatMap(({ evidence }) => evidence);

const rowsAll = (what: string, findings: readonly Finding<unknown>[], value: string): readonly Row[] =>
  findings.length === 0 ? [] : [{ ...row(what, findings[0], value), evidence: all(findings) }];

/** Everything that was found, in the order in which it is decided. */
export const rowsOf = (detection: Detection): readonly Row[] => {
  const { app, installation, python, entry, port, health, database, migrations, workers, queue, frontends } = detection;
  const { staticFolders, signing, required, copies } = detection;
  const { lock, manager, workspace } = installation.value;
  const [frontend] = frontends;
  const migrates = migrations?.value;
  return [
    row('framework', app, app.value.framework),
    row('folder', app, app.value.root || '.'),
    row(
      'package manager',
      installation,
      `${manager}${lock === undefined ? ', no lock' : `, ${lock}`}${workspace ? `, member ${workspace.package}` : ''}`,
    ),
    row('python', python),
    row('entry', entry, `${entry?.value.entry}${entry?.value.isFactory ? '()' : ''}`),
    row('imports begin at', entry, entry?.value.pathRoot || '.'),
    row('port', port),
    row('health path', health),
    row('database', database, rowText(database?.value.variables ?? [])),
    row('migrations', migrations, migrates && `${migrates.ini}${migrates.notAutomatic ? ', not automatic' : ''}`),
    ...rowsAll('workers', workers, workersText(workers.map(({ value }) => value))),
    ...(queue === undefined ? [] : [row('queue', queue, `${queue.value.server}: ${queueText(queue.value)}`)]),
    ...(frontend === undefined
      ? []
      : [
          row(
            'frontend',
            frontend,
            `${frontend.value.folder || '.'} (${frontend.value.framework}, ${frontend.value.manager} run ${frontend.value.script}) -> ${frontend.value.output}${frontend.value.isServedByApp ? ', served by the app' : ', served by nginx'}`,
          ),
        ]),
    ...rowsAll(
      'static folders',
      staticFolders,
      staticFolders.map(({ value: { folder, path } }) => `${folder} at ${path}`).join(', '),
    ),
    ...rowsAll('signing key', signing, signing.map(({ value }) => value).join(',')),
    ...rowsAll('needs', required, required.map(({ value }) => value.name).join(',')),
    ...rowsAll('image', copies, copies.map(({ value }) => value).join(',')),
  ];
};

const width = (rows: readonly Row[], key: 'what' | 'value', most: number): number =>
  Math.min(most, Math.max(...rows.map((each) => each[key].length)));

/** The rows as a table for a terminal: what, value, where. Control characters of the project's files do not reach it. */
export const tableOf = (rows: readonly Row[], locations = 2): readonly string[] => {
  const [first, second] = [width(rows, 'what', 18), width(rows, 'value', 48)];
  return rows.map(({ what, value, confidence, evidence }) => {
    const where =
      evidence.slice(0, locations).map(locationOf).join(', ') ||
      (value === 'none' ? '' : 'nothing in the project says so');
    return printable(
      `  ${what.padEnd(first)}  ${value.padEnd(second)}  ${confidence === 'guess' && evidence.length > 0 ? 'a guess: ' : ''}${where}`.trimEnd(),
    );
  });
};

/** The table, and what the user should know. */
export const summaryOf = (detection: Detection): readonly string[] => [
  ...tableOf(rowsOf(detection), 1),
  ...detection.notices.map(({ id, says }) => printable(`  ! ${id}: ${says}`)),
];
