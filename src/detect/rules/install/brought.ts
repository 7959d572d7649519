import type { Detection } from '../../detection.ts';
import type { Context } from '../code/context.ts';
import { named, names } from '../code/dependencies.ts';

/** What the app's dependencies bring along, or need of the image: a server, and the library that its driver is built against. */
export const packagesOf = ({ dependencies }: Context): Pick<Detection, 'hasUvicorn' | 'needsLibpq'> => ({
  hasUvicorn:
    names(dependencies, 'uvicorn', 'uvicorn-worker', 'fastapi-cli') ||
    named(dependencies, 'fastapi', 'litestar').some(
      ({ extras }) => extras.includes('standard') || extras.includes('all'),
    ),
  needsLibpq:
    named(dependencies, 'psycopg2').length > 0 ||
    named(dependencies, 'psycopg').some(({ extras }) => !extras.includes('binary') && !extras.includes('c')),
});
