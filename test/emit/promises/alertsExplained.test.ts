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
});
