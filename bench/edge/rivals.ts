import { common } from './settings.ts';

const { domain, port, certificate, key, files, logs } = common;

// What the container needs to run at all, and one worker; the same for each.
const frame = (http: string): string => `worker_processes 1;
pid /tmp/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  types { text/css css; application/json json; text/html html; }
  default_type application/octet-stream;
  sendfile on;
${http}
}
`;

const server = (lines: string): string => `server {
  listen ${port} ssl;
  http2 on;
  server_name ${domain};
  ssl_certificate ${certificate};
  ssl_certificate_key ${key};
${lines}
}`;

const pooled = 'upstream app { server app:8000; keepalive 32; }';
const reuse = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;';

const bareWith = (log: string): string =>
  frame(`
  access_log ${log};
  ${pooled}
  ${server(`
    location / { proxy_pass http://app; ${reuse} }
    location /static/ { alias ${files}/; }`)}`);

/** The floor: TLS, a reused connection to the app, files by sendfile; no log, no header, no limit. */
const bare = bareWith('off');

/** The same with the log that the image of nginx writes when nobody says otherwise. */
const bareLogged = bareWith('/dev/stdout combined');

/**
 * The choices of h5bp/server-configs-nginx 5: headers by maps on the content type, TLS 1.2 alone, its log. It has no
 * proxy; this one is bare's.
 */
const h5bpLike = frame(`
  server_tokens off;
  charset utf-8;
  charset_types text/css text/javascript application/json;
  log_format main '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
    '"$http_referer" "$http_user_agent" "$http_x_forwarded_for"';
  access_log ${logs}/access.log main;
  tcp_nopush on;
  gzip on;
  gzip_comp_level 5;
  gzip_min_length 256;
  gzip_proxied any;
  gzip_vary on;
  gzip_types text/css text/javascript application/json;
  map $sent_http_content_type $expires { default 1y; "" off; ~*text/html epoch; ~*json epoch; ~*xml epoch; }
  expires $expires;
  map $sent_http_content_type $frames { ~*text/html DENY; }
  map $sent_http_content_type $referrers { ~*text/(css|html|javascript)|application/pdf|xml strict-origin-when-cross-origin; }
  map $sent_http_content_type $cors { ~*image/ "*"; ~*font/ "*"; }
  ${pooled}
  ${server(`
    ssl_session_timeout 24h;
    ssl_session_cache shared:TLS:10m;
    ssl_session_tickets off;
    ssl_protocols TLSv1.2;
    ssl_ciphers EECDH+CHACHA20:EECDH+AES;
    ssl_ecdh_curve X25519:prime256v1:secp521r1:secp384r1;
    keepalive_timeout 300s;
    add_header Referrer-Policy $referrers always;
    add_header X-Content-Type-Options nosniff always;
    add_header X-Frame-Options $frames always;
    add_header Access-Control-Allow-Origin $cors;
    add_header Strict-Transport-Security "max-age=16070400; includeSubDomains" always;
    location ~* /\\.(?!well-known/) { deny all; }
    location ~* (?:#.*#|\\.(?:bak|conf|ini|log|orig|sh|sql|sw[op])|~)$ { deny all; }
    location / { proxy_pass http://app; ${reuse} }
    location /static/ { alias ${files}/; }`)}`);

/**
 * The choices of nginxconfig.io for a reverse proxy: a handful of headers, the combined log in a file, and the address
 * of the app written into proxy_pass, without a pool of connections.
 */
const nginxconfigLike = frame(`
  charset utf-8;
  tcp_nopush on;
  tcp_nodelay on;
  server_tokens off;
  client_max_body_size 16M;
  ssl_session_timeout 1d;
  ssl_session_cache shared:TLS:10m;
  ssl_session_tickets off;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384;
  gzip on;
  gzip_vary on;
  gzip_proxied any;
  gzip_comp_level 6;
  gzip_types text/css text/javascript application/json;
  map $http_upgrade $upgrade { default upgrade; "" close; }
  map $remote_addr $forwarded { ~^[0-9.]+$ "for=$remote_addr"; default "for=unknown"; }
  ${server(`
    access_log ${logs}/access.log combined buffer=512k flush=1m;
    add_header X-XSS-Protection "1; mode=block" always;
    add_header X-Content-Type-Options nosniff always;
    add_header Referrer-Policy no-referrer-when-downgrade always;
    add_header Content-Security-Policy "default-src 'self' http: https: ws: wss: data: blob: 'unsafe-inline'" always;
    add_header Permissions-Policy "interest-cohort=()" always;
    add_header Strict-Transport-Security "max-age=31536000; includeSubDomains; preload" always;
    location ~ /\\.(?!well-known) { deny all; }
    location / {
      proxy_pass http://app:8000;
      proxy_http_version 1.1;
      proxy_cache_bypass $http_upgrade;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $upgrade;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header Forwarded $forwarded;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_connect_timeout 60s;
      proxy_send_timeout 60s;
      proxy_read_timeout 60s;
    }
    location /static/ { alias ${files}/; expires 7d; }`)}`);

/** nginx.conf of those that we are measured against; `bare` is the reference. */
export const rivals = {
  bare,
  'bare, default log': bareLogged,
  'like h5bp': h5bpLike,
  'like nginxconfig.io': nginxconfigLike,
} as const;

/** The app: a second nginx that answers at once, so that the edge is what costs. */
export const app = (reply: string): string => `worker_processes 1;
pid /tmp/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 1h;
  server {
    listen 8000;
    default_type application/json;
    return 200 '${reply}';
  }
}
`;
