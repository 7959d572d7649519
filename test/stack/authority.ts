import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './run.ts';

export type Pair = { readonly chain: string; readonly key: string };

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];

/** A private certificate authority in a folder, as a company has one: what clients trust, and what it signs. */
export class Authority {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(folder: string): Promise<Authority> {
    const basics = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'];
    await must(
      'openssl',
      [
        'req',
        '-x509',
        ...key,
        '-days',
        '90',
        '-subj',
        '/CN=stack test',
        ...basics,
        '-keyout',
        'ca.key',
        '-out',
        'ca.pem',
      ],
      { cwd: folder },
    );
    return new Authority(folder);
  }

  get certificate(): string {
    return readFileSync(join(this.#folder, 'ca.pem'), 'utf8');
  }

  /** The paths of a chain (leaf, then the authority) and its key; for other names too. */
  async issue(domain: string, label = 'site', others: readonly string[] = []): Promise<Pair> {
    const cwd = this.#folder;
    const names = [domain, ...others].map((name) => `DNS:${name}`).join();
    const [request, leaf, chain, leafKey] = ['csr', 'leaf.pem', 'chain.pem', 'key'].map((end) => `${label}.${end}`);
    writeFileSync(
      join(cwd, `${label}.ext`),
      `subjectAltName=${names}\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n`,
    );
    await must(
      'openssl',
      ['req', '-new', ...key, '-subj', `/CN=${domain}`, '-keyout', `${leafKey}`, '-out', `${request}`],
      {
        cwd,
      },
    );
    const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '60'];
    await must(
      'openssl',
      ['x509', '-req', '-in', `${request}`, ...signer, '-extfile', `${label}.ext`, '-out', `${leaf}`],
      {
        cwd,
      },
    );
    writeFileSync(join(cwd, `${chain}`), readFileSync(join(cwd, `${leaf}`), 'utf8') + this.certificate);
    return { chain: join(cwd, `${chain}`), key: join(cwd, `${leafKey}`) };
  }
}
