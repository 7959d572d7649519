import type { Answers } from '../answers/questions.ts';

type Directives = Readonly<Record<string, string>>;

const print = (directives: Directives): string =>
  Object.entries(directives)
    .map(([name, sources]) => (sources === '' ? name : `${name} ${sources}`))
    .join('; ');

// frame-ancestors says the same as X-Frame-Options: SAMEORIGIN, for browsers that know it.
const common: Directives = {
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'self'",
  'upgrade-insecure-requests': '',
};

const rendered: Directives = {
  'default-src': "'none'",
  'connect-src': "'self'",
  'font-src': "'self'",
  'img-src': "'self' data:",
  'manifest-src': "'self'",
  'media-src': "'self'",
  'script-src': "'self'",
  'style-src': "'self'",
  ...common,
};

/**
 * Content-Security-Policy Level 3, by what the site is. Everything starts from nothing (`default-src 'none'`), as the
 * MDN HTTP Observatory rewards; no preset allows inline or evaluated script.
 * `spa`: component libraries put their styles into the page, and make workers and images of blobs.
 */
export const policies: Readonly<Record<Exclude<Answers['csp'], 'custom'>, string>> = {
  api: print({ 'default-src': "'none'", ...common }),
  'server-rendered': print(rendered),
  // Where the app sends none of its own.
  app: print(rendered),
  spa: print({
    ...rendered,
    'img-src': "'self' data: blob:",
    'style-src': "'self' 'unsafe-inline'",
    'worker-src': "'self' blob:",
  }),
};

export const contentSecurityPolicy = ({ csp, cspPolicy }: Pick<Answers, 'csp' | 'cspPolicy'>): string =>
  csp === 'custom' ? cspPolicy : policies[csp];

/**
 * For /docs and /redoc alone, as FastAPI makes these pages: an inline script that starts Swagger UI or ReDoc from
 * jsDelivr, ReDoc's fonts and worker, FastAPI's icon (https://fastapi.tiangolo.com/how-to/custom-docs-ui-assets/).
 */
export const docsPolicy = print({
  'default-src': "'none'",
  'connect-src': "'self'",
  'font-src': 'https://fonts.gstatic.com',
  'img-src': "'self' data: https://fastapi.tiangolo.com https://cdn.redoc.ly",
  'script-src': "'self' 'unsafe-inline' https://cdn.jsdelivr.net",
  'style-src': "'self' 'unsafe-inline' https://cdn.jsdelivr.net https://fonts.googleapis.com",
  'worker-src': 'blob:',
  ...common,
});
