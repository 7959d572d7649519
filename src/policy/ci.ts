/**
 * What the emitted pipelines run, each as exactly one thing: a tag can be moved, as that of a scanner was in March 2026
 * (GHSA-69fq-xp46-6x23), a commit and a digest cannot. Actions only from GitHub itself; every other tool is its own image. All of it
 * was compared with the tags of its repository, or with what others pinned. Dependabot keeps the actions and hooks of a project
 * fresh.
 */
const actions = {
  checkout: ['actions/checkout', '3d3c42e5aac5ba805825da76410c181273ba90b1', 'v7.0.1'],
  setupNode: ['actions/setup-node', '820762786026740c76f36085b0efc47a31fe5020', 'v7.0.0'],
  uploadArtifact: ['actions/upload-artifact', 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f', 'v7.0.0'],
  uploadSarif: ['github/codeql-action/upload-sarif', '8aad20d150bbac5944a9f9d289da16a4b0d87c1e', 'v4.36.2'],
} as const;

/** Hooks of pre-commit, by the commit of their release. */
const hooks = {
  gitleaks: ['83d9cd684c87d95d656c1458ef04895a7f1cbd8e', 'v8.30.1'],
  preCommit: ['3e8a8703264a2f4a69428a0aa4dcb512790b2c8c', 'v6.0.0'],
} as const;

const images = {
  trivy: 'aquasec/trivy:0.72.0@sha256:cffe3f5161a47a6823fbd23d985795b3ed72a4c806da4c4df16266c02accdd6f',
  gitleaks: 'ghcr.io/gitleaks/gitleaks:v8.30.1@sha256:c00b6bd0aeb3071cbcb79009cb16a60dd9e0a7c60e2be9ab65d25e6bc8abbb7f',
  hadolint: 'hadolint/hadolint:v2.14.0-debian@sha256:158cd0184dcaa18bd8ec20b61f4c1cabdf8b32a592d062f57bdcb8e4c1d312e2',
  docker: 'docker:28.5.2-cli@sha256:625d9431a9f54c5a2bc90f24f0e1c3d55b1349fd857dd85035f98c2c9acbdd4d',
  dind: 'docker:28.5.2-dind@sha256:2a232a42256f70d78e3cc5d2b5d6b3276710a0de0596c145f627ecfae90282ac',
  node: 'node:24.18.0-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d',
} as const;

type Printed<Table> = { readonly [Name in keyof Table]: string };
const printed = <Table extends object, Row>(table: Table, print: (row: Row) => string): Printed<Table> =>
  Object.fromEntries(Object.entries(table).map(([name, row]) => [name, print(row as Row)])) as Printed<Table>;

/** As each is printed: the commit, and beside it the version that Dependabot reads. */
export const ci = {
  actions: printed(actions, ([uses, commit, version]: readonly string[]) => `${uses}@${commit}  # ${version}`),
  hooks: printed(hooks, ([commit, version]: readonly string[]) => `${commit}  # frozen: ${version}`),
  images,
};
