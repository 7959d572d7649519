import { type Finding, found, type Notice, type RequiredVariable } from '../../model.ts';
import type { Context } from '../code/context.ts';
import { isSecretName } from '../code/withoutSecrets.ts';
import type { Setting } from './setting.ts';
import { settingsOf } from './settings.ts';

// What the app signs with is its own choice; these words name somebody who hands the secret out.
const thirdParty =
  /STRIPE|AWS|AMAZON|S3|MINIO|GITHUB|GITLAB|GOOGLE|FACEBOOK|TWITTER|LINKEDIN|APPLE|MICROSOFT|AZURE|GCP|AUTH0|OKTA|KEYCLOAK|OIDC|OAUTH|SSO|SAML|LDAP|SLACK|DISCORD|TELEGRAM|TWILIO|SENDGRID|MAILGUN|MAILCHIMP|POSTMARK|RESEND|SENTRY|OPENAI|ANTHROPIC|PAYPAL|BRAINTREE|PLAID|SQUARE|SHOPIFY|RAZORPAY|PADDLE|POLAR|RECAPTCHA|CAPTCHA|TURNSTILE|CLOUDFLARE|CLOUDINARY|FIREBASE|SUPABASE|PUSHER|SPOTIFY|REDDIT|ZOOM|HUBSPOT|SALESFORCE|LANGFUSE|LANGCHAIN|KAFKA|REDIS|RABBIT|ELASTIC|SMTP|MAIL|VAPID|WEBHOOK|CLIENT|CONSUMER|ACCESS_SECRET|SECRET_ACCESS|WALLET|BOT|ANALYTICS/;
const signingName =
  /(?:^|_)(?:SECRET_?KEY|SIGNING_?(?:KEY|SECRET)|(?:JWT|SESSION|COOKIE|AUTH|APP|TOKEN|CSRF|CRYPT|ACCESS_TOKEN|REFRESH_TOKEN|RESET_PASSWORD_TOKEN|VERIFICATION_TOKEN|USER_MANAGER)_(?:\w+_)?SECRET|SECRET_FOR_\w+)$|^(?:SECRET|(?:JWT|SESSION)_(?:\w+_)?KEY|APP_KEY|(?:\w+_)?(?:JWT|SESSION|ITSDANGEROUS)_?SECRET(?:_KEY)?)$/;

// Who hands out a secret hands out an id or a public key beside it.
const besideThirdParty =
  /^(?:ACCESS_KEY(?:_ID)?|CLIENT_ID|KEY_ID|PUBLISHABLE_KEY|PUBLIC_KEY|SITE_KEY|API_KEY|MERCHANT_ID|ENDPOINT(?:_URL)?|BUCKET(?:_NAME)?)$/;
const ownPrefix = /^(?:|APP_|JWT_|SESSION_|AUTH_|API_|SERVER_|BACKEND_|WEB_|TOKEN_|COOKIE_)$/;

/** Whether a variable holds the secret with which the app itself signs its tokens, sessions or cookies. */
export const isSigning = (name: string, all: readonly string[]): boolean => {
  const upper = name.toUpperCase();
  if (!signingName.test(upper) || /_(?:ALGORITHM|FILE|PATH|ID)$|PUBLIC/.test(upper) || hasThirdParty(upper))
    return false;
  const prefix = upper.replace(/SECRET(?:_KEY)?$/, '');
  if (prefix === upper || ownPrefix.test(prefix)) return true;
  return !all.some((other) => {
    const beside = other.toUpperCase();
    return beside.startsWith(prefix) && besideThirdParty.test(beside.slice(prefix.length));
  });
};

const words = new RegExp(`(?:^|_)(?:${thirdParty.source})S?(?:_|$)`);
const hasThirdParty = (name: string): boolean => words.test(name);

const isUsed = ({ name, aliases = [] }: Setting, used: ReadonlySet<string>): boolean =>
  [name, ...aliases].some((one) => used.has(one));

// The system or the shell sets these.
const ofSystem = new Set(
  'HOME PATH USER LOGNAME HOSTNAME PWD SHELL LANG TZ TERM TMPDIR TEMP TMP PYTHONPATH VIRTUAL_ENV XDG_CONFIG_HOME XDG_DATA_HOME'.split(
    ' ',
  ),
);

/** What the app wants to be told besides its database and queues, and with which variable it signs. */
export const requiredVariables = (
  context: Context,
  used: ReadonlySet<string>,
): {
  readonly required: readonly Finding<RequiredVariable>[];
  readonly signing: readonly Finding<string>[];
  readonly notices: readonly Notice[];
} => {
  const byName = new Map<string, Setting[]>();
  const settings = settingsOf(context);
  const all = settings.map(({ name }) => name);
  for (const setting of settings) {
    if (!isUsed(setting, used)) byName.set(setting.name, [...(byName.get(setting.name) ?? []), setting]);
  }
  const required: Finding<RequiredVariable>[] = [];
  const signing: Finding<string>[] = [];
  const notices: Notice[] = [];
  for (const [name, reads] of byName) {
    const inCode = reads.filter(({ isOnlyNamed }) => !isOnlyNamed);
    const wanted = reads.filter(({ isRequired }) => isRequired);
    const atStart = wanted.filter(({ isUnsure }) => !isUnsure);
    const evidence = (settings: readonly Setting[]) => settings.slice(0, 3).map((setting) => setting.evidence);
    // A read that fails only when some function runs stops nothing where another one does without.
    const isWanted = atStart.length > 0 || (wanted.length > 0 && !inCode.some(({ isRequired }) => !isRequired));
    const isSigner = isSigning(name, all);
    // What it signs with is drawn, not asked for.
    if (isWanted && !isSigner && !ofSystem.has(name)) {
      const strongest = atStart.length > 0 ? atStart : wanted;
      const confidence = atStart.length > 0 ? 'certain' : 'likely';
      required.push(found({ name, isSecret: isSecretName(name) }, confidence, ...evidence(strongest)));
    }
    if (!isSigner) continue;
    signing.push(found(name, inCode.length > 0 ? 'likely' : 'guess', ...evidence(inCode.length > 0 ? inCode : reads)));
    const insecure = isWanted ? [] : inCode.filter(({ hasDefault, isFixed }) => hasDefault && isFixed);
    if (insecure.length > 0) {
      notices.push({
        id: 'signing-default',
        says: `without ${name} the app signs with a secret that is written in its code: whoever reads the code can forge what it signs`,
        evidence: evidence(insecure),
      });
    }
  }
  return { required, signing, notices };
};
