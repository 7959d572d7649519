import type { Answers } from '../answers/questions.ts';
import {
  fileOf,
  graceNames,
  type keepPrevious,
  previousName,
  type SecretName,
  type Secrets,
  secretsOf,
  secretTable,
} from './secrets.ts';

type PrintedSecret = { readonly env: SecretName; readonly file: string; readonly why: string; readonly value: string };

/** The secrets that this deployment uses, as they are delivered; and those that still count for a while after a rotation. */
export const buildSecrets = (
  { app }: Answers,
  uses: Parameters<typeof secretsOf>[0],
  secrets: Secrets,
  previous: ReturnType<typeof keepPrevious>,
) => ({
  secretNames: secretsOf(uses).map(
    (env): PrintedSecret => ({ env, file: fileOf(env), why: secretTable[env].why, value: secrets[env] }),
  ),
  graceNames: graceNames(app === 'existing').map((env) => ({
    env,
    previous: previousName(env),
    file: fileOf(previousName(env)),
    value: previous[previousName(env)] ?? '',
  })),
});
