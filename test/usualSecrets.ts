import { secretsOf } from '../src/model/secrets.ts';

/** The secrets of a deployment as the defaults give it. */
export const usualSecrets = secretsOf({ ownerRole: true, monitoring: false });
