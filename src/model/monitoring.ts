import type { Answers } from '../answers/questions.ts';

type PrivateFile = { readonly name: string; readonly why: string };

const privateFiles: Readonly<Record<Answers['alertReceiver'], readonly PrivateFile[]>> = {
  none: [],
  email: [{ name: 'smtp_password', why: 'of the mailbox that sends and gets the alerts' }],
  slack: [{ name: 'alert_url', why: "Slack's incoming webhook" }],
  webhook: [{ name: 'alert_url', why: 'where alerts are sent, as JSON' }],
};

/** Those of the service log-shipper, in a folder of their own: Alertmanager has no need to read them. */
const lokiFiles: Readonly<Record<Answers['logShipping'], readonly PrivateFile[]>> = {
  none: [],
  loki: [
    { name: 'loki_url', why: "where logs are sent: Loki's OTLP endpoint, https://loki.example.com/otlp" },
    { name: 'loki_login', why: 'USER:TOKEN for it, as Grafana Cloud wants it; leave it out where Loki asks for none' },
  ],
};

/** What templates print of monitoring: the overlay's part of commands, how the site is asked, and who is told. */
export const buildMonitoring = (answers: Answers) => {
  const { alertReceiver, alertEmail, smtpServer, behind, dbUser, logShipping } = answers;
  const isOn = answers.monitoring === 'on';
  const shipsLogs = logShipping === 'loki';
  return {
    isOn,
    composeOption: isOn ? ' -f docker-compose.monitoring.yml' : '',
    role: `${dbUser}_monitor`,
    /** The probe does not speak the PROXY protocol, and has a listener of its own. */
    probePort: behind === 'proxy-protocol' ? 8444 : 8443,
    byNobody: alertReceiver === 'none',
    byEmail: alertReceiver === 'email',
    bySlack: alertReceiver === 'slack',
    byWebhook: alertReceiver === 'webhook',
    email: alertEmail,
    smtpServer,
    shipsLogs,
    privateFolders: `monitoring/private/*${shipsLogs ? ' monitoring/loki/*' : ''}`,
    privateFiles: [
      ...privateFiles[alertReceiver],
      { name: 'deadman_url', why: 'what is asked each minute, and raises the alarm when it is not' },
      ...lokiFiles[logShipping],
    ],
  };
};
