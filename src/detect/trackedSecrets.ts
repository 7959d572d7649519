import { join } from 'node:path';
import { startOf } from '../base/disk/plainFile.ts';
import { followed } from '../base/git.ts';
import { shellWord } from '../base/shellWord.ts';
import type { Notice } from './model.ts';

type Row = {
  readonly what: string;
  /** Of the path. */
  readonly named: RegExp;
  /** Whether its beginning says that it is none after all. */
  readonly unless?: (start: string) => boolean;
};

const isPublic = (start: string): boolean => /^-----BEGIN /m.test(start) && !/PRIVATE KEY(?: BLOCK)?-----/.test(start);
// Encrypted, and followed on purpose: Ansible Vault, SOPS.
const isEncrypted = (start: string): boolean => /^\$ANSIBLE_VAULT;|^sops:|"sops":|^\s*ENC\[/m.test(start);

/** Files that hold secrets, by what they are called; the first row that fits counts. */
const rows: readonly Row[] = [
  {
    what: 'settings with their values',
    named: /(?:^|\/)\.env(?:\.(?!(?:.*\.)?(?:examples?|samples?|templates?|tmpl|dist|vault)$)[^/]+)?$/,
    unless: isEncrypted,
  },
  // Without a dot: the secrets of our own deployment, not a module of that name.
  { what: 'a secret of the deployment', named: /^secrets\/[a-z_]+$/ },
  { what: 'a private key', named: /(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/ },
  {
    what: 'a private key',
    named: /\.(?:pem|key)$/,
    // A document of Keynote is a zip.
    unless: (start) => isPublic(start) || start.startsWith('PK\x03\x04'),
  },
  { what: 'a key store', named: /\.(?:p12|pfx|jks|keystore|kdbx)$/ },
  {
    what: 'credentials of a cloud or a service',
    named: /(?:^|\/)(?:credentials|client[_-]secrets?[^/]*|[^/]*service[_-]?account[^/]*)\.json$/,
    unless: isEncrypted,
  },
  { what: 'secrets by its name', named: /(?:^|\/)\.?secrets?\.(?:ya?ml|json|toml|ini|env)$/, unless: isEncrypted },
  { what: 'passwords of a client', named: /(?:^|\/)\.(?:netrc|pgpass|pypirc|htpasswd|my\.cnf)$/ },
  { what: 'the state of Terraform, with its secrets', named: /\.tfstate(?:\.backup)?$/ },
];

const enough = 64 * 1024;

const whatIs = (directory: string, path: string): string | undefined => {
  const row = rows.find(({ named }) => named.test(path));
  return row === undefined || row.unless?.(startOf(join(directory, path), enough).toString('latin1'))
    ? undefined
    : row.what;
};

/**
 * The files with secrets that git follows, by their names, and how to take them out; never a value. Git is asked in a way in which
 * nothing of the project runs, and nothing is changed: what is in a history is in every clone of it, and only the user can say
 * who has one.
 */
export const trackedSecrets = (directory: string): readonly Notice[] => {
  const evidence = followed(directory, ['.']).flatMap((file) => {
    const says = whatIs(directory, file);
    return says === undefined ? [] : [{ file, says }];
  });
  if (evidence.length === 0) return [];
  const names = evidence.map(({ file }) => shellWord(file));
  const says = [
    'Git follows files that hold secrets. Who has a clone has them, so taking them out comes last:',
    '  1. change each value, where it was issued: only that makes the old one worthless',
    `  2. git rm --cached -- ${names.join(' ')}`,
    '     and have git ignore them; the files themselves stay',
    '  3. out of the history, in a fresh clone (https://github.com/newren/git-filter-repo), then push with --force:',
    `     git filter-repo --invert-paths ${names.map((name) => `--path ${name}`).join(' ')}`,
    '     everybody clones anew; forks, and what a hosting site has cached, keep the old commits',
  ].join('\n');
  return [{ id: 'tracked-secrets', says, evidence }];
};
