import { Refusal } from './refusal.ts';
import type { RenderedFile } from './render.ts';
import { actionsPinned } from './rules/actionsPinned.ts';
import { alertsExplained } from './rules/alertsExplained.ts';
import { composeMounts } from './rules/composeMounts.ts';
import { composeVariables } from './rules/composeVariables.ts';
import { connectionBudget } from './rules/connectionBudget.ts';
import { edgeKeeps } from './rules/edgeKeeps.ts';
import { envExample } from './rules/envExample.ts';
import { namesFollow } from './rules/namesFollow.ts';
import { nginxIncludes } from './rules/nginxIncludes.ts';
import { nginxUpstreams } from './rules/nginxUpstreams.ts';
import { plainText } from './rules/plainText.ts';
import { scriptsNamed } from './rules/scriptsNamed.ts';
import { secretsByService } from './rules/secretsByService.ts';
import { secretsStaySecret } from './rules/secretsStaySecret.ts';
import { servicesHardened } from './rules/servicesHardened.ts';
import { ticksChecked } from './rules/ticksChecked.ts';
import type { Stack } from './stack.ts';

/** A promise about the whole rendered set; one line per offence. */
export type Rule = (files: readonly RenderedFile[], stack: Stack) => readonly string[];

/** Key = the promise, in words. */
export const rules: Readonly<Record<string, Rule>> = {
  'every nginx include is emitted': nginxIncludes,
  'every upstream is a service on its port': nginxUpstreams,
  'every compose variable is set and required': composeVariables,
  'every bind mount is emitted': composeMounts,
  'no secret outside a secret file, and those are ignored': secretsStaySecret,
  'every service of production is hardened': servicesHardened,
  'the edge keeps headers, limits and TLS as decided': edgeKeeps,
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

/** The same files, all promises kept, those of packs too, or one refusal that lists every offence. */
export const verify = (
  files: readonly RenderedFile[],
  stack: Stack,
  ofPacks: Readonly<Record<string, Rule>> = {},
): readonly RenderedFile[] => {
  const offences = Object.entries({ ...rules, ...ofPacks }).flatMap(([promise, rule]) =>
    rule(files, stack).map((offence) => `${offence} (promise: ${promise})`),
  );
  if (offences.length > 0) throw new Refusal('The rendered files break promises (nothing was written):', offences);
  return files;
};
