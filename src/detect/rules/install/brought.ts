import { type Dependencies, named, names } from '../code/dependencies.ts';

/** Whether the app's driver is built against libpq, which the image must then hold. */
export const needsLibpq = (dependencies: Dependencies): boolean =>
  named(dependencies, 'psycopg2').length > 0 ||
  named(dependencies, 'psycopg').some(({ extras }) => !extras.includes('binary') && !extras.includes('c'));

/** Whether the app's dependencies bring uvicorn along, so that the image need not add it. */
export const bringsUvicorn = (dependencies: Dependencies): boolean =>
  names(dependencies, 'uvicorn', 'uvicorn-worker', 'fastapi-cli') ||
  named(dependencies, 'fastapi', 'litestar').some(
    ({ extras }) => extras.includes('standard') || extras.includes('all'),
  );
