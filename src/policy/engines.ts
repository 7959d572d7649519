/**
 * The oldest engine and Compose that all scripts work with: those of Debian 13, on which test/stack/debian13/ runs them. What newer ones
 * add, a script asks for by its name, and goes on without where it is not there; the one exception is IPv6, which an older engine gives
 * to no network by itself. docs/operations.md has each with what it adds.
 */
export const engines = {
  leastEngine: '26.1',
  leastCompose: '2.26',
  /** https://docs.docker.com/engine/release-notes/27/#ipv6 */
  ipv6Engine: '27',
  /** The oldest line of Docker's own builds that the audit takes; a distribution mends the line that it has. */
  vendorEngine: '27',
  /** `config --no-env-resolution`: the compose file of another project is read, and its env_file is not. */
  foreignCompose: '2.35',
} as const;
