import { alertRules, alertTests } from './parsedFiles.ts';
import type { Promised } from './promised.ts';
import type { RenderedSet } from './renderedSet.ts';
import { captures } from './text.ts';
import { at, listIn, textAt, type Yaml } from './yaml.ts';

const runbook = 'monitoring/RUNBOOK.md';
const severities = ['critical', 'warning', 'none'];

const filesBelow = (set: RenderedSet, folder: string): readonly Yaml[] =>
  set.files
    .map(({ artifact: { to } }) => to)
    .filter((to) => to.startsWith(folder))
    .map(set.yaml);

const rulesIn = (file: Yaml): readonly Yaml[] =>
  listIn(at(file, 'groups')).flatMap((group) => listIn(at(group, 'rules')));
const testedIn = (file: Yaml): readonly string[] =>
  listIn(at(file, 'tests')).flatMap((test) =>
    listIn(at(test, 'alert_rule_test')).map((one) => textAt(one, 'alertname')),
  );

/**
 * Each alert has a severity, says where in the runbook it is explained, is there, and has a test; and the runbook explains
 * no alert that nobody sends, but for the one of `scripts/monitoring.sh test`.
 */
export const alertsExplained: Promised = (set, { monitoring }) => {
  if (!monitoring.isOn) return [];
  const alerts = filesBelow(set, alertRules)
    .flatMap(rulesIn)
    .filter((rule) => textAt(rule, 'record') === '');
  const tested = new Set(filesBelow(set, alertTests).flatMap(testedIn));
  // Markdown: its headings are the entries.
  const entries = captures(set.text(runbook), /^### (\w+)$/gm);
  const names = alerts.map((alert) => textAt(alert, 'alert'));
  if (names.length === 0) return ['monitoring/prometheus/rules has no alert'];
  const offences = alerts.flatMap((alert) => {
    const name = textAt(alert, 'alert');
    return [
      [severities.includes(textAt(alert, 'labels', 'severity')), 'has no severity: critical, warning or none'],
      [
        textAt(alert, 'annotations', 'runbook') === `${runbook}#${name.toLowerCase()}`,
        `does not say \`runbook: ${runbook}#…\``,
      ],
      [entries.includes(name), `has no entry in ${runbook}`],
      [tested.has(name), 'has no test in monitoring/prometheus/tests'],
    ].flatMap(([kept, what]) => (kept === true ? [] : [`the alert ${name} ${what}`]));
  });
  const stale = entries
    .filter((entry) => entry !== 'Test' && !names.includes(entry))
    .map((entry) => `${runbook} explains ${entry}, which is no alert`);
  return [...offences, ...stale];
};
