import type { Judge } from './judge.ts';

export type Scan = {
  readonly protocols: readonly string[];
  readonly tls12: readonly string[];
  readonly tls13: readonly string[];
};

/**
 * Protocols and ciphers that sslscan is offered on port 443 of a host, out of its XML. Not renegotiation: 2.1.5 does not
 * see it where it is; testssl.sh does.
 */
export const sslscan = async (judge: Judge, host: string): Promise<Scan> => {
  const { stdout: xml } = await judge.must(['sslscan', '--xml=-', host]);
  const all = (pattern: RegExp): string[][] => [...xml.matchAll(pattern)].map(([, ...groups]) => groups as string[]);
  const ciphers = (version: string): string[] =>
    all(/<cipher .*?sslversion="([^"]+)".*?cipher="([^"]+)"/g).flatMap(([of, cipher = '']) =>
      of === version ? [cipher] : [],
    );
  return {
    protocols: all(/<protocol type="(\w+)" version="([\d.]+)" enabled="1"/g).map(
      ([type = '', version]) => `${type.toUpperCase()}v${version}`,
    ),
    tls12: ciphers('TLSv1.2').sort(),
    tls13: ciphers('TLSv1.3').sort(),
  };
};
