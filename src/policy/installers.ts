/**
 * What builds an image beside the images themselves: each package manager in the version that installs an app's lock, as
 * its own specifier. Minor versions: their locks do not change within one.
 */
export const installers = {
  poetry: 'poetry>=2.4,<3',
  poetryExport: 'poetry-plugin-export>=1.9,<2',
  pdm: 'pdm>=2.26,<3',
  pipenv: 'pipenv>=2026.0',
  /** The server of docker/serve.py, for an app whose dependencies name none. */
  uvicorn: 'uvicorn[standard]>=0.40,<1',
  pnpm: '10',
  bun: '1',
} as const;
