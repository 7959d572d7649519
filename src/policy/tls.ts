export type TlsProfile = {
  readonly profile: string;
  readonly guideline: string;
  readonly protocols: readonly string[];
  readonly ciphers: readonly string[];
};

/**
 * Mozilla Server Side TLS 6.0, profile `intermediate` (https://wiki.mozilla.org/Security/Server_Side_TLS,
 * machine-readable: ssl-config.mozilla.org/guidelines/6.0.json). No DHE since 6.0. Groups are left to nginx's
 * default: naming X25519MLKEM768 makes OpenSSL before 3.5 refuse to start, `auto` offers it where it exists.
 */
export const tlsProfile: TlsProfile = {
  profile: 'intermediate',
  guideline: 'Mozilla Server Side TLS 6.0',
  protocols: ['TLSv1.2', 'TLSv1.3'],
  ciphers: [
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ],
};
