/** What nginx says of an error of its own. RFC 9110, 15.5 and 15.6. */
export const edgeErrors = [
  { status: 400, detail: 'Bad Request' },
  { status: 403, detail: 'Forbidden' },
  { status: 404, detail: 'Not Found' },
  { status: 405, detail: 'Method Not Allowed' },
  { status: 412, detail: 'Precondition Failed' },
  { status: 413, detail: 'Content Too Large' },
  { status: 414, detail: 'URI Too Long' },
  { status: 416, detail: 'Range Not Satisfiable' },
  { status: 421, detail: 'Misdirected Request' },
  { status: 429, detail: 'Too Many Requests' },
  { status: 501, detail: 'Not Implemented' },
  { status: 502, detail: 'Bad Gateway' },
  { status: 504, detail: 'Gateway Timeout' },
  { status: 505, detail: 'HTTP Version Not Supported' },
] as const;

/**
 * Of nginx's own kinds of a 400: a header that is too large, a client's certificate, plain HTTP on a port of TLS.
 * https://nginx.org/en/docs/http/ngx_http_ssl_module.html#errors
 */
const kindsOf400 = [494, 495, 496, 497];

/** Whatever nginx may answer by itself; 408 is none, since it then closes the connection, and 503 is maintenance. */
export const edgeErrorCodes: readonly number[] = [...edgeErrors.map(({ status }) => status), ...kindsOf400, 500].sort(
  (a, b) => a - b,
);
