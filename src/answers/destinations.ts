import { type Network, networkOf } from './edgeValues.ts';
import { type Parse, refuse, type Safe } from './values.ts';

/** Where a connection may go: an address or a network, and a TCP port. */
export type Destination = { readonly network: Network; readonly port: Safe<'port'>; readonly isIPv6: boolean };

const example = '10.0.0.5:5432,[fd00::5]:443';

const destination: Parse<Destination> = (raw) => {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*)):([1-9][0-9]{0,4})$/.exec(raw) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined || Number(port) > 65535) return refuse(raw, 'is not ADDRESS:PORT', example);
  const found = networkOf(address, example);
  const isIPv6 = found.includes(':');
  if (isIPv6 !== (bracketed !== undefined)) return refuse(raw, 'wants brackets around IPv6, and none else', example);
  return { network: found, port: port as Safe<'port'>, isIPv6 };
};

/** Destinations separated by commas or spaces; empty for none, at most 50. */
export const destinationList: Parse<readonly Destination[]> = (raw) => {
  const all = raw
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  if (all.length > 50 || new Set(all).size !== all.length) refuse(raw, 'is not up to 50 different ones', example);
  return all.map(destination);
};
