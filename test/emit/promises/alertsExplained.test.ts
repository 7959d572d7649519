import { alertsExplained } from '../../../src/emit/promises/alertsExplained.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise alertsExplained', () => {
  isKeptByOurs(alertsExplained);
  breaks(alertsExplained, [
    {
      to: 'monitoring/RUNBOOK.md',
      edit: (text) => text.replace('### SiteDown\n', '### SiteIsDown\n'),
      offence: 'the alert SiteDown has no entry in monitoring/RUNBOOK.md',
    },
    {
      to: 'monitoring/RUNBOOK.md',
      edit: (text) => text.replace('### SlowAnswers\n', '### SlowReplies\n'),
      offence: 'monitoring/RUNBOOK.md explains SlowReplies, which is no alert',
    },
    {
      to: 'monitoring/prometheus/tests/app.yml',
      edit: (text) => text.replaceAll('alertname: ServiceDown', 'alertname: RestartLoop'),
      offence: 'the alert ServiceDown has no test in monitoring/prometheus/tests',
    },
    {
      to: 'monitoring/prometheus/rules/database.yml',
      edit: (text) => text.replace('severity: critical', 'severity: high'),
      offence: 'the alert DatabaseDown has no severity: critical, warning or none',
    },
    {
      to: 'monitoring/prometheus/rules/backups.yml',
      edit: (text) => text.replace('RUNBOOK.md#backupfailed', 'RUNBOOK.md#backups'),
      offence: 'the alert BackupFailed does not say `runbook: monitoring/RUNBOOK.md#…`',
    },
  ]);

  const to = 'monitoring/prometheus/rules/database.yml';
  const severity = 'the alert DatabaseDown has no severity: critical, warning or none';
  breaks(alertsExplained, [
    { to, edit: (text) => text.replace('severity: critical', '# severity: critical'), offence: severity },
    { to, edit: (text) => text.replace('severity: critical', '"severit\\x79": high'), offence: severity },
    { to, edit: (text) => text.replace('severity: critical', 'severity: [critical]'), offence: severity },
    {
      to,
      edit: (text) => text.replace('severity: critical', 'note: |\n            severity: critical'),
      offence: severity,
    },
    {
      to,
      edit: (text) => text.replace(/^ {6}- alert: DatabaseDown$/m, '      - {alert: Hidden, expr: up}\n$&'),
      offence: 'the alert Hidden has no entry in monitoring/RUNBOOK.md',
    },
    {
      to,
      edit: (text) => text.replace(/^ {6}- alert: DatabaseDown$/m, '      - expr: up\n        "alert": Hidden\n$&'),
      offence: 'the alert Hidden has no test in monitoring/prometheus/tests',
    },
    {
      to: 'monitoring/prometheus/tests/app.yml',
      edit: (text) => text.replaceAll('- alertname: ServiceDown', '- eval: "- alertname: ServiceDown"'),
      offence: 'the alert ServiceDown has no test in monitoring/prometheus/tests',
    },
  ]);
});
