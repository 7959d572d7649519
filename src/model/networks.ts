import type { Answers } from '../answers/questions.ts';
import { digest } from '../base/digest.ts';

type Row = { readonly name: string; readonly short: string; readonly isInternal: boolean };

/** THE table of networks; `short` stands in the name of the bridge, for which the kernel has 15 characters. */
const rows: readonly Row[] = [
  { name: 'front', short: 'front', isInternal: false },
  { name: 'edge', short: 'edge', isInternal: true },
  { name: 'backend', short: 'back', isInternal: true },
  { name: 'queue', short: 'queue', isInternal: true },
  { name: 'egress', short: 'out', isInternal: false },
  { name: 'acme', short: 'acme', isInternal: false },
  { name: 'monitoring', short: 'mon', isInternal: true },
  { name: 'telemetry', short: 'tele', isInternal: true },
  { name: 'alerts', short: 'alert', isInternal: false },
];

/** Four letters of the app's name and five of its digest: the bridges of two apps on one engine must differ. */
const prefixOf = (appName: string): string =>
  `${appName.replaceAll('-', '').slice(0, 4)}${digest(appName).slice('sha256:'.length).slice(0, 5)}`;

/**
 * The networks of production, with bridges of known names: scripts/firewall.sh has rules for these, which hold before a
 * network is there and after it was made anew.
 */
export const buildNetworks = (answers: Answers, has: { readonly queue: boolean }) => {
  const { appName, egress, egressAllow } = answers;
  const isThere: Readonly<Record<string, boolean>> = {
    queue: has.queue,
    egress: egress === 'internet',
    monitoring: answers.monitoring === 'on',
    telemetry: answers.monitoring === 'on',
    alerts: answers.monitoring === 'on',
  };
  const bridges = prefixOf(appName);
  const here = rows.filter(({ name }) => isThere[name] ?? true);
  const networks = here.map(({ name, short, isInternal }) => ({ name, isInternal, bridge: `${bridges}-${short}` }));
  const outward = here.filter(({ name, isInternal }) => !isInternal && name !== 'front');
  return {
    networks,
    bridges,
    /** What leads outside and may open connections, by the ends of its bridge's name. */
    outward: outward.map(({ short }) => short).join(' '),
    bridge: Object.fromEntries(rows.map(({ name, short }) => [name, `${bridges}-${short}`])),
    egress: {
      isOn: egress === 'internet',
      allows: egressAllow.map(({ network, port, isIPv6 }) => ({ network, port, family: isIPv6 ? '6' : '4' })),
    },
  };
};
