/**
 * Places in a repository from which some tool runs something without being asked to: git's hooks, a shell or an editor that enters the
 * folder, a package manager, a test runner, a pipeline, an assistant. Patterns of whole paths, in lower case.
 */
const places: readonly RegExp[] = [
  // git and what installs its hooks
  /(?:^|\/)\.(?:husky|githooks)\//,
  /(?:^|\/)(?:\.pre-commit-config\.yaml|\.?lefthook(?:-local)?\.(?:ya?ml|toml|json)|\.gitmodules|\.gitattributes)$/,
  // shells and version managers
  /(?:^|\/)(?:\.envrc|\.?mise(?:\..*)?\.toml|\.tool-versions|\.python-version|\.nvmrc|\.autoenv(?:\.zsh)?)$/,
  // editors and assistants
  /(?:^|\/)\.(?:vscode|idea|devcontainer|zed|claude|cursor|continue)\//,
  /(?:^|\/)(?:\.devcontainer\.json|\.exrc|\.n?vimrc|\.nvim\.lua|\.dir-locals\.el|agents\.md|claude\.md|\.mcp\.json)$/,
  // package managers and builds
  /(?:^|\/)(?:package\.json|\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.c?js|setup\.py|setup\.cfg|pyproject\.toml|uv\.toml|pip\.conf|build\.rs)$/,
  /(?:^|\/)(?:gnumakefile|makefile|justfile|taskfile\.ya?ml|dockerfile|compose\.ya?ml|docker-compose(?:\..*)?\.ya?ml)$/,
  // Python, when it starts or is tested
  /(?:^|\/)(?:conftest\.py|sitecustomize\.py|usercustomize\.py|[^/]*\.pth|tox\.ini|noxfile\.py)$/,
  // pipelines
  /^\.(?:github|gitlab|circleci|buildkite|woodpecker|drone|forgejo|gitea)\//,
  /^(?:\.gitlab-ci\.yml|\.travis\.yml|\.drone\.yml|jenkinsfile|azure-pipelines\.yml|bitbucket-pipelines\.yml)$/,
  // ours: scripts/deploy.sh runs these
  /^ops\/hooks\//,
];

/** Whether something runs a file of this path, or what it says, without being asked to. */
export const runsByItself = (path: string): boolean => {
  const lower = path.toLowerCase();
  return places.some((place) => place.test(lower));
};
