/** Files that say what a Python project installs. */
export const isManifest = (name: string): boolean =>
  /^(?:pyproject\.toml|setup\.py|setup\.cfg|Pipfile|manage\.py|[^/]*requirements[^/]*\.(?:txt|in))$/.test(name);
