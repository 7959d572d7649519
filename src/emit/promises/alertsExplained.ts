import type { RenderedFile } from '../renderedFile.ts';
import type { Rule } from './rule.ts';
import { captures, textOf } from './text.ts';

const runbook = 'monitoring/RUNBOOK.md';

const textsBelow = (files: readonly RenderedFile[], folder: string): string =>
  files
    .filter(({ artifact: { to } }) => to.startsWith(`${folder}/`))
    .map(({ text }) => text)
    .join('\n');

/**
 * Each alert has a severity, says where in the runbook it is explained, is there, and has a test; and the runbook explains
 * no alert that nobody sends, but for the one of `scripts/monitoring.sh test`.
 */
export const alertsExplained: Rule = (files, { monitoring }) => {
  if (!monitoring.isOn) return [];
  const rules = textsBelow(files, 'monitoring/prometheus/rules')
    .split(/^ +- alert: /m)
    .slice(1);
  const tested = new Set(captures(textsBelow(files, 'monitoring/prometheus/tests'), /^ +- alertname: (\w+)$/gm));
  const entries = captures(textOf(files, runbook), /^### (\w+)$/gm);
  const names = rules.map((rule) => /^\w+/.exec(rule)?.[0] ?? '');
  if (names.length === 0) return ['monitoring/prometheus/rules has no alert'];
  const offences = rules.flatMap((rule, index) => {
    const name = names[index] ?? '';
    return [
      [/^ +severity: (?:critical|warning|none)$/m.test(rule), 'has no severity: critical, warning or none'],
      [rule.includes(`runbook: ${runbook}#${name.toLowerCase()}\n`), `does not say \`runbook: ${runbook}#…\``],
      [entries.includes(name), `has no entry in ${runbook}`],
      [tested.has(name), 'has no test in monitoring/prometheus/tests'],
    ].flatMap(([kept, what]) => (kept ? [] : [`the alert ${name} ${what}`]));
  });
  const stale = entries
    .filter((entry) => entry !== 'Test' && !names.includes(entry))
    .map((entry) => `${runbook} explains ${entry}, which is no alert`);
  return [...offences, ...stale];
};
