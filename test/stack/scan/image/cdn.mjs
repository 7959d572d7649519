// node cdn.mjs <certificates.json: on 127.0.0.2, the hosts that FastAPI's /docs and /redoc load from. jsDelivr's answers
// are the real npm packages; fonts and pictures only need to be there.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { extname, join, normalize } from 'node:path';
import { json } from 'node:stream/consumers';
import { createSecureContext } from 'node:tls';

const types = { '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png', '.svg': 'image/svg+xml' };
const font = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';
const face = (family) => `@font-face { font-family: ${family}; src: url(https://fonts.gstatic.com/s/font.ttf); }\n`;
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';

const answers = {
  'cdn.jsdelivr.net': (path) => {
    const [, name, file] = /^\/npm\/([^@]+)@[^/]+\/(.+)$/.exec(path);
    return [types[extname(file)], readFileSync(join('/opt/cdn', normalize(`/${name}/${file}`)))];
  },
  'fonts.googleapis.com': () => ['text/css', face('Montserrat') + face('Roboto')],
  'fonts.gstatic.com': () => ['font/ttf', readFileSync(font)],
  'fastapi.tiangolo.com': () => ['image/png', readFileSync('/opt/cdn/swagger-ui-dist/favicon-32x32.png')],
  'cdn.redoc.ly': () => ['image/svg+xml', svg],
};

const contexts = Object.fromEntries(
  Object.entries(await json(process.stdin)).map(([host, { cert, key }]) => [host, createSecureContext({ cert, key })]),
);

createServer({ SNICallback: (host, done) => done(null, contexts[host]) }, (request, response) => {
  // As these hosts do: anybody may load from them.
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  try {
    const { pathname } = new URL(request.url, 'https://cdn');
    const [type, body] = answers[request.headers.host](pathname);
    response.writeHead(200, { 'Content-Type': type }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}).listen(443, '127.0.0.2');
