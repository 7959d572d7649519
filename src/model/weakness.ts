import type { SecretName } from './secrets.ts';

/** What a production secret must be; the emitted scripts and the emitted app judge by the same numbers and words. */
export const strength = {
  /** 32 random bytes as base64url. */
  length: 43,
  /** A draw has 31 different characters or so; hexadecimal digits, which have 16 at most, are fine too. */
  variety: 12,
  /**
   * In lower case, and the same in JavaScript, Python and bash. Six letters or more: a draw holds one of the words by
   * chance once in 25 million times.
   */
  placeholder:
    'change.?(me|it|this)|replace.?(me|it|this)|placeholder|password|secret|example|insecure|default|local.?only',
} as const;

/** Why a value is no production secret; undefined when it is one. Judged in this order, so that the rest is ASCII. */
export const weaknessOf = (value: string): string | undefined => {
  if (value === '') return 'is missing';
  if (!/^[A-Za-z0-9_-]+$/.test(value)) return 'has characters besides letters, digits, - and _, which break a URL';
  if (value.length < strength.length) return `is shorter than ${strength.length} characters`;
  if (new RegExp(strength.placeholder).test(value.toLowerCase())) return 'is a placeholder';
  if (new Set(value).size < strength.variety) return `has fewer than ${strength.variety} different characters`;
  return undefined;
};

export type Weak = { readonly name: SecretName; readonly reason: string };

/** The secrets that are none, each with the reason and never with its value. `development`: the text of docker-compose.yml. */
export const weakSecrets = (held: ReadonlyMap<SecretName, string>, development: string): readonly Weak[] => {
  const holders = new Map<string, SecretName>();
  const found: Weak[] = [];
  for (const [name, value] of held) {
    const twin = holders.get(value);
    const shared = twin === undefined ? undefined : `is the same as ${twin}`;
    const known = development.includes(value) ? 'stands in docker-compose.yml, which is in git' : undefined;
    const reason = weaknessOf(value) ?? shared ?? known;
    if (reason !== undefined) found.push({ name, reason });
    if (twin === undefined) holders.set(value, name);
  }
  return found;
};

/** What mends it. */
export const mend = ({ name, reason }: Weak): string =>
  reason === 'is missing'
    ? './scripts/generate-secrets.sh'
    : `./scripts/rotate-secrets.sh ${name}; before the first start, empty the value and run ./scripts/generate-secrets.sh`;
