import type { Answers } from '../answers/questions.ts';

export type TlsProfile = { readonly protocols: readonly string[]; readonly ciphers: readonly string[] };

/** Mozilla Server Side TLS (https://wiki.mozilla.org/Security/Server_Side_TLS). */
export const tlsGuideline = { version: '6.0', date: '2026-04-06' } as const;

/**
 * Its profiles, as in https://ssl-config.mozilla.org/guidelines/6.0.json; there is no `old` one any more, and no DHE
 * cipher. Groups are left to nginx's default: naming X25519MLKEM768 makes OpenSSL before 3.5 refuse to start, `auto`
 * offers it where it exists. TLS 1.3 has no cipher list: all of OpenSSL's three are the guideline's.
 */
export const tlsProfiles: Readonly<Record<Answers['tlsProfile'], TlsProfile>> = {
  intermediate: {
    protocols: ['TLSv1.2', 'TLSv1.3'],
    ciphers: [
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-RSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-RSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-CHACHA20-POLY1305',
      'ECDHE-RSA-CHACHA20-POLY1305',
    ],
  },
  modern: { protocols: ['TLSv1.3'], ciphers: [] },
};
