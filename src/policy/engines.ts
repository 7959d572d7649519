/**
 * The oldest engine and Compose that all scripts work with: those of Debian 13. What newer ones add, a script asks for by its name, and
 * goes on without where it is not there; the one exception is IPv6, which an older engine gives to no network by itself.
 */
export const engines = {
  leastEngine: '26.0',
  leastCompose: '2.26',
  /** https://docs.docker.com/engine/release-notes/27/#ipv6 */
  ipv6Engine: '27',
} as const;
