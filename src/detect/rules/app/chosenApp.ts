import type { Told } from '../../detection.ts';
import type { App, Finding, Notice } from '../../model.ts';
import { evidenceAt, isBelow } from '../../read/paths.ts';
import type { View } from '../../view.ts';
import type { Command } from '../code/commands.ts';
import { contextOf } from '../code/context.ts';
import { appAt, isAsgi } from './apps.ts';
import { entryOf } from './entry.ts';

const depthOf = (root: string): number => (root === '' ? 0 : root.split('/').length);

/** The app that a run is about: the one that the user names, the only one, or the one nearest to the root; and why none can be. */
export const chosenApp = (
  view: View,
  apps: readonly Finding<App>[],
  told: Told,
  commands: readonly Command[],
): { app?: Finding<App>; refusals: readonly Notice[] } => {
  if (told.root !== undefined)
    return { app: apps.find(({ value }) => value.root === told.root) ?? appAt(view, told.root), refusals: [] };
  const [first] = apps;
  if (first === undefined) return { refusals: [] };
  const deployable = apps.filter(({ value }) => isAsgi(value.framework));
  const withEntry = deployable.filter(
    ({ value }) => entryOf(contextOf(view, value.root, commands), value.framework).entry !== undefined,
  );
  const [app = deployable[0] ?? first, ...others] = withEntry;
  // One inside the other is a package of it; beside each other they are two apps, and who knows which is meant?
  const rivals = others.filter(
    ({ value }) => !isBelow(value.root, app.value.root) && depthOf(value.root) === depthOf(app.value.root),
  );
  if (rivals.length === 0) return { app, refusals: [] };
  return {
    app,
    refusals: [
      {
        id: 'several-apps',
        says: `there are several apps; name the folder of one, for example --app-root ${app.value.root}`,
        evidence: [app, ...rivals].flatMap(({ value, evidence }) => [
          evidenceAt(value.root || '.', undefined, value.framework),
          ...evidence,
        ]),
      },
    ],
  };
};
