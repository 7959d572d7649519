#!/usr/bin/env bash
# Usage: scripts/security-check.sh [--allow-self-signed]
#
# Tests what SECURITY.md promises, against the files, the composed configuration and, where it runs, the stack.
# One line a promise: ok, FAIL or skip with the reason. Exit code 1 as soon as one fails. A skip is never a pass: it names
# what is left to do by hand. Changes nothing.
#
#   --allow-self-signed   the bootstrap certificate of scripts/certs.sh init is a skip, not a FAIL

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"
self_signed_is=FAIL
case "${1:-}:$#" in
  :0) ;;
  --allow-self-signed:1) self_signed_is=skip ;;
  *) misuse "unknown argument '$1'" ;;
esac
need docker openssl curl git
need_env

failures=0
report() {
  printf '%-4s  %s\n' "$1" "$2"
  [[ $1 != FAIL ]] || failures=$((failures + 1))
}
# check PROMISE COMMAND…: ok when the command succeeds.
check() {
  local promise=$1
  shift
  if "$@" >/dev/null 2>&1; then report ok "$promise"; else report FAIL "$promise"; fi
}
mode_is() { [[ $(mode_of "$1") == "$2" ]]; }

# ── files and git ────────────────────────────────────────────────────────────────────────────────────────────────────

check '.env.production is readable for its owner only (0600)' mode_is .env.production 600

if git rev-parse --git-dir >/dev/null 2>&1; then
  for path in .env.production secrets/db_password ssl/privkey.pem ssl/fullchain.pem backups/any.dump incident/any.tar.gz rotation.log; do
    check "git ignores $path" git check-ignore --quiet --no-index "$path"
  done
  untracked() { [[ -z $(git ls-files -- .env.production secrets 'ssl/*.pem' '*.key' backups '*.dump') ]]; }
  check 'no secret file is tracked by git' untracked
  if git rev-parse --verify --quiet HEAD >/dev/null; then
    never_committed() { [[ -z $(git log --all --format=%h -- .env.production secrets 'ssl/*.pem' '*.key' backups '*.dump') ]]; }
    check "no secret file in git's history" never_committed
  else
    report skip "no secret file in git's history (nothing is committed yet)"
  fi
else
  report skip 'what git ignores and holds (this is not a git repository)'
fi

# The patterns go through a pipe: a value must not show up in a process list.
values() { for name in "${SECRET_NAMES[@]}" "${GRACE_NAMES[@]/%/_PREVIOUS}"; do secret_get "$name" && echo; done | grep . || :; }
strong() { [[ -z $(weak_secrets) ]]; }
check 'every secret is 32 random bytes or more, URL-safe, and differs from the others' strong
dev_differs() { [[ ! -f docker-compose.yml ]] || ! grep -qFf <(values) docker-compose.yml; }
check 'no production secret is used in development' dev_differs
not_in_files() { ! grep -rqFf <(values) --exclude-dir=.git --exclude-dir=secrets --exclude-dir=backups --exclude='.env*' .; }
check 'no secret value in any other file of the project' not_in_files

# What `docker build` is sent, seen with the eyes of the build.
if context=$(printf 'FROM scratch\nCOPY . /\n' | docker build --quiet --file - --output type=tar,dest=- . 2>/dev/null | tar -tf - 2>/dev/null); then
  context_clean() { ! grep -E '(^|/)(\.env($|\.(production|local|app))|secrets/.|ssl/.*\.pem|.*\.(key|dump)$|\.git/)' <<<"$context"; }
  check 'no secret, key or dump enters the build context (.dockerignore)' context_clean
else
  report skip 'no secret, key or dump enters the build context (this Docker cannot write a build to a tar)'
fi
user_without_rights() { [[ $(grep '^USER ' Dockerfile | tail -n 1) =~ ^USER\ [1-9][0-9]*(:[1-9][0-9]*)?$ ]]; }
check 'the image runs as a user without rights (the last USER in the Dockerfile)' user_without_rights
multi_stage() { [[ $(grep -c '^FROM ' Dockerfile) -ge 2 ]]; }
check 'the image is built in stages' multi_stage
check 'the base image is a slim Python' grep -qE '^FROM [^ ]*python:[0-9.]+-slim' Dockerfile
check 'the image has a health check' grep -q '^HEALTHCHECK ' Dockerfile

# ── docker-compose.prod.yml, as Compose itself reads it ─────────────────────────────────────────────────────────────

# awk cannot read JSON, and a server seldom has jq; python3 is on it, or in the app's own image. The values go through
# stdin only, and the program prints none of them.
# shellcheck disable=SC2016 # Python, not shell
audit='
import json, sys
def report(good, promise, who):
    print(("ok" if good else "FAIL") + "\t" + promise + ("" if good else ": " + " ".join(who)))
config = json.load(sys.stdin)
services = config["services"]
def every(promise, rule, skip=()):
    bad = [n for n, s in services.items() if n not in skip and not rule(s)]
    report(not bad, promise, bad)
once = [n for n, s in services.items() if str(s.get("restart")) == "no" or s.get("profiles")]
user = lambda s: str(s.get("user", "")).split(":")[0]
limits = lambda s: (s.get("deploy") or {}).get("resources", {}).get("limits", {})
networks = lambda n: set(services.get(n, {}).get("networks") or {})
bad = [n for n, s in services.items() if s.get("ports") and n != "nginx"]
report(not bad and services["nginx"].get("ports"), "only nginx publishes ports", bad or ["nginx"])
bad = [n for n in networks("db") if not config["networks"][n].get("internal")]
report(networks("db") and not bad, "the database is on an internal network only", bad or ["db"])
report(not networks("db") & networks("nginx"), "nginx cannot reach the database", ["nginx"])
every("every long-running service has a numeric user, not root", lambda s: user(s).isdigit() and user(s) != "0", once)
every("every root file system is read-only", lambda s: s.get("read_only") is True)
every("every capability is dropped", lambda s: [c.upper() for c in s.get("cap_drop") or []] == ["ALL"] and not s.get("cap_add"))
every("no process can gain privileges", lambda s: any(str(o).startswith("no-new-privileges") and not str(o).endswith("false") for o in s.get("security_opt") or []))
every("no service is privileged or shares a namespace of the host", lambda s: not s.get("privileged") and "host" not in (s.get("network_mode"), s.get("pid"), s.get("ipc"), s.get("userns_mode")))
every("no service has the Docker socket", lambda s: not any("docker.sock" in str(v.get("source", "")) for v in s.get("volumes") or []))
every("limits on memory, CPU and processes", lambda s: all(limits(s).get(k) for k in ("memory", "cpus", "pids")))
every("log rotation", lambda s: (s.get("logging") or {}).get("options", {}).get("max-size"))
every("every image has a version", lambda s: "@sha256:" in s.get("image", "") or (":" in s.get("image", "").split("/")[-1] and not s["image"].endswith(":latest")))
every("health checks on all long-running services", lambda s: s.get("healthcheck") and not s["healthcheck"].get("disable"), once)
'
run_python() {
  local image
  if command -v python3 >/dev/null; then
    python3 -c "$audit"
  else
    image=$APP_NAME:$(env_get APP_TAG)
    docker image inspect "$image" >/dev/null 2>&1 || image=$(awk '$1 == "FROM" && $2 ~ /python:/ { print $2; exit }' Dockerfile)
    docker run --rm --interactive --network none --read-only --cap-drop ALL --security-opt no-new-privileges \
      --user 10001:10001 --entrypoint python "$image" -c "$audit"
  fi
}
if audited=$(compose --profile '*' config --format json | run_python 2>/dev/null) && [[ -n $audited ]]; then
  while IFS=$'\t' read -r verdict promise; do report "$verdict" "$promise"; done <<<"$audited"
else
  report FAIL 'docker-compose.prod.yml can be read with .env.production'
fi

# ── nginx and TLS ────────────────────────────────────────────────────────────────────────────────────────────────────

names_served() {
  local name
  for name in "${SITE_NAMES[@]}"; do grep -hE '^ *server_name ' nginx/sites/*.conf | tr -d ';' | tr ' ' '\n' | grep -qFx -- "$name" || return 1; done
}
check "nginx serves ${SITE_NAMES[*]} (server_name)" names_served
domain_served() { [[ " ${SITE_NAMES[*]} " == *" $(env_get DOMAIN) "* ]]; }
check 'DOMAIN in .env.production is one of these names' domain_served
check 'TLS 1.2 and 1.3 only' grep -qxE 'ssl_protocols( TLSv1\.[23])+;' nginx/snippets/tls.conf
check 'rate limits with a rate, stricter for logins' grep -qE 'zone=auth:.* rate=' nginx/snippets/rate-limits.conf
enforced() { ! grep -q dry_run nginx/snippets/rate-limits.conf; }
check 'rate limits are enforced' enforced
check 'a refused request gets 429' grep -qE '^limit_req_status +429;' nginx/snippets/rate-limits.conf

# header NAME VALUE: as SECURITY.md states it. The two policies are yours to edit: they only have to be there.
header_set() {
  local line
  line=$(grep -E "^add_header $1 .* always;$" nginx/snippets/security-headers.conf) || return 1
  case $1 in
    Content-Security-Policy | Permissions-Policy) ;;
    *) [[ $line == *"\"$2\""* ]] ;;
  esac
}
headers=()
while IFS=: read -r header value; do
  headers+=("$header")
  check "header $header, on errors too" header_set "$header" "${value# }"
done <<'HEADERS'
Strict-Transport-Security: max-age=31536000; includeSubDomains; preload
X-Frame-Options: SAMEORIGIN
X-Content-Type-Options: nosniff
X-XSS-Protection: 1; mode=block
Referrer-Policy: strict-origin-when-cross-origin
Content-Security-Policy: default-src 'none'; connect-src 'self'; font-src 'self'; img-src 'self' data:; manifest-src 'self'; media-src 'self'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; upgrade-insecure-requests
Permissions-Policy: accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()
Cross-Origin-Opener-Policy: same-origin
Cross-Origin-Resource-Policy: same-origin
Cross-Origin-Embedder-Policy: require-corp
X-Permitted-Cross-Domain-Policies: none
HEADERS

if [[ -s ssl/fullchain.pem && -s ssl/privkey.pem ]]; then
  check 'the private key is readable for its owner and nginx only (0640, group 101)' test "$(mode_of ssl/privkey.pem) $(gid_of ssl/privkey.pem)" = '640 101'
  check 'nginx accepts its configuration (nginx -t in the pinned image)' nginx_accepts
  check 'the certificate is for these names, fits its key, and lasts 21 days or more' scripts/certs.sh status
  if self_signed ssl/fullchain.pem; then
    report "$self_signed_is" 'the certificate is from a CA (it is self-signed: scripts/certs.sh issue --production)'
  else
    report ok 'the certificate is from a CA'
  fi
else
  report FAIL 'ssl/fullchain.pem and ssl/privkey.pem are there (scripts/certs.sh init)'
fi

# ── the running stack ────────────────────────────────────────────────────────────────────────────────────────────────

if running nginx && running app; then
  check 'the app answers its health check through nginx' site_answers
  answer=$(read -r -a ask <<<"$(health_command)" && "${ask[@]}" --head --request GET 2>/dev/null) || answer=''
  sent() { grep -qi "^$1:" <<<"$answer"; }
  for header in "${headers[@]}"; do check "header $header is sent" sent "$header"; done
  port=$(env_get HTTP_PORT)
  port=${port##*:}
  redirected() { curl ${as_client[@]+"${as_client[@]}"} --silent --max-time 10 --noproxy 127.0.0.1 --head --header "Host: ${SITE_NAMES[0]}" "http://127.0.0.1:$port/" | grep -qi '^location: https://'; }
  check 'HTTP leads to HTTPS' redirected
else
  report skip 'the app answers through nginx, with the headers (it is not running: scripts/deploy.sh)'
fi

if running db; then
  facts=$(sql postgres <<'SQL'
SELECT 'role' FROM pg_roles WHERE rolname = 'comicpile' AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls);
SELECT 'tcp' WHERE NOT EXISTS (SELECT FROM pg_hba_file_rules WHERE type LIKE 'host%' AND auth_method <> 'scram-sha-256');
SELECT 'checksums' WHERE current_setting('data_checksums') = 'on';
SELECT 'public' FROM pg_database WHERE datname = 'comic_pile' AND NOT EXISTS (SELECT FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE grantee = 0);
SELECT 'spare' FROM pg_roles WHERE rolname = 'comicpile' AND rolconnlimit BETWEEN 1 AND current_setting('max_connections')::int - 14;
SELECT 'logged' WHERE current_setting('log_connections') NOT IN ('off', '');
SQL
  ) || facts=''
  fact() { grep -qx "$1" <<<"$facts"; }
  check 'the app is no superuser of the database and may create neither roles nor databases' fact role
  check 'every login over TCP needs a password (scram-sha-256)' fact tcp
  check 'nobody else may connect to the database' fact public
  check 'the database checks its pages (data checksums)' fact checksums
  check 'connections to the database are logged' fact logged
  # A volume that is older than the limit does not have it.
  check 'the app cannot take every connection of the database (ALTER ROLE "comicpile" CONNECTION LIMIT 86)' fact spare
  owned() { [[ $(sql 'comic_pile' <<<"SELECT NOT has_schema_privilege('comicpile', 'public', 'CREATE');") == t ]]; }
  check 'the app cannot change the schema' owned
  newest=$(dumps | head -n 1)
  verified() { dump_verified "$newest"; }
  if [[ -n $newest ]]; then check 'the newest backup verifies' verified; else report FAIL 'there is a backup (scripts/backup.sh)'; fi
else
  report skip 'roles, logins and backups of the database (it is not running: scripts/deploy.sh)'
fi

if [[ $(release_tags | wc -l) -ge 2 ]]; then
  report ok 'there is an earlier release to roll back to (scripts/rollback.sh list)'
else
  report skip 'there is an earlier release to roll back to (none yet)'
fi
report skip 'scans of images, dependencies and history: scripts/scan.sh'
if running db; then
  case $(scripts/pitr.sh status 2>/dev/null) in
    off*) report skip 'point-in-time recovery (it is off: scripts/pitr.sh on)' ;;
    *FAIL* | '') report FAIL 'point-in-time recovery works (scripts/pitr.sh status)' ;;
    *) report ok 'point-in-time recovery works (scripts/pitr.sh status)' ;;
  esac
fi
if said=$(scripts/backup.sh --status 2>/dev/null); then
  report ok 'backup and restore drill went well, and not too long ago'
else
  report skip "backup and restore drill: ${said//$'\n'/; }"
fi
if [[ -n $(env_get BACKUP_RCLONE_REMOTE)$(env_get BACKUP_RESTIC_REPOSITORY) ]]; then
  report ok 'backups are copied to another machine (scripts/backup.sh fails when they cannot be)'
else
  report skip 'backups copied to another machine: by hand, or BACKUP_RCLONE_REMOTE in .env.production'
fi
report skip 'updates and firewall of this machine: by hand'

[[ $failures -eq 0 ]] || die "$failures not kept" 'mend the lines with FAIL above'
