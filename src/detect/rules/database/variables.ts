import type { DatabaseForm, DatabaseVariable, Evidence } from '../../model.ts';
import type { Connection } from './connection.ts';
import type { Switch } from './switch.ts';

/** A variable that the app is given, and where it is read. */
export type Chosen = DatabaseVariable & { readonly evidence: Evidence };

const order: readonly DatabaseForm[] = ['url', 'host', 'port', 'name', 'user', 'password', 'credentials', 'literal'];

/** The variables that tell the app where its database is: URLs or parts, and the switches that it needs set. */
export const variablesOf = ({ isUrl, urls, parts }: Connection, switches: readonly Switch[]): readonly Chosen[] => {
  const ofUrls = urls.map(
    ({ setting: { name, evidence }, scheme }): Chosen => ({ name, form: 'url', text: scheme, evidence }),
  );
  // Parts that a URL makes needless are given where the app does not start without them.
  const ofParts = [...parts]
    .filter(([, { isRequired }]) => !isUrl || isRequired)
    .map(([form, { name, evidence }]): Chosen => ({ name, form, evidence }));
  const ofSwitches = switches.flatMap(({ setting: { name, evidence }, text }): Chosen[] =>
    text === undefined ? [] : [{ name, form: 'literal', text, evidence }],
  );
  return [...(isUrl ? ofUrls : []), ...ofParts, ...ofSwitches].sort(
    (one, other) => order.indexOf(one.form) - order.indexOf(other.form),
  );
};
