import { printable } from '../../base/printable.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Stack } from '../../model/stack.ts';
import type { RenderedFile } from '../renderedFile.ts';
import { actionsPinned } from './actionsPinned.ts';
import { alertsExplained } from './alertsExplained.ts';
import { claimsEnd } from './claimsEnd.ts';
import { composeMounts } from './composeMounts.ts';
import { composeVariables } from './composeVariables.ts';
import { connectionBudget } from './connectionBudget.ts';
import { edgeKeeps } from './edgeKeeps.ts';
import { envExample } from './envExample.ts';
import { filesRead } from './filesRead.ts';
import { limitsReach } from './limitsReach.ts';
import { namesFollow } from './namesFollow.ts';
import { nginxIncludes } from './nginxIncludes.ts';
import { nginxUpstreams } from './nginxUpstreams.ts';
import { patternsWhole } from './patternsWhole.ts';
import { plainText } from './plainText.ts';
import type { Promised } from './promised.ts';
import { setOf } from './renderedSet.ts';
import { scriptsNamed } from './scriptsNamed.ts';
import { secretsByService } from './secretsByService.ts';
import { secretsStaySecret } from './secretsStaySecret.ts';
import { servicesHardened } from './servicesHardened.ts';
import { ticksChecked } from './ticksChecked.ts';

/** Key = the promise, in words. */
export const promises: Readonly<Record<string, Promised>> = {
  'every file can be read by its tools': filesRead,
  'every nginx include is emitted': nginxIncludes,
  'every upstream is a service on its port': nginxUpstreams,
  'every compose variable is set and required': composeVariables,
  'every bind mount is emitted': composeMounts,
  'no secret outside a secret file, and those are ignored': secretsStaySecret,
  'every service of production is hardened': servicesHardened,
  'the edge keeps headers, limits and TLS as decided': edgeKeeps,
  'whatever nginx answers has been counted by the limits': limitsReach,
  'no pattern of nginx ends at a line break': patternsWhole,
  'what a client claims of itself does not reach the app': claimsEnd,
  'each service gets only its own secrets': secretsByService,
  'the connections to the database add up': connectionBudget,
  '.env.example matches .env.production': envExample,
  'pipelines run what is pinned, with the least permissions': actionsPinned,
  'every script named is emitted': scriptsNamed,
  'a file with another name is called by it': namesFollow,
  'every tick of SECURITY.md has its check': ticksChecked,
  'every alert is explained and tested': alertsExplained,
  'every file is plain text as its tools expect it': plainText,
};

const most = 200;

/** The same files, all promises kept, those of packs too, or one refusal that lists every offence. */
export const verify = (
  files: readonly RenderedFile[],
  stack: Stack,
  ofPacks: Readonly<Record<string, Promised>> = {},
): readonly RenderedFile[] => {
  const set = setOf(files);
  const offences = Object.entries({ ...promises, ...ofPacks }).flatMap(([promise, offencesOf]) =>
    offencesOf(set, stack).map((offence) => `${printable(offence)} (promise: ${promise})`),
  );
  if (offences.length === 0) return files;
  const more = offences.length > most ? [`and ${offences.length - most} more`] : [];
  throw new Refusal('The rendered files break promises (nothing was written):', [...offences.slice(0, most), ...more]);
};
