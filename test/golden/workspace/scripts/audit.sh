#!/usr/bin/env bash
# Usage: scripts/audit.sh [--live] [--allow-self-signed] [--only ID]… [--json | --sarif | --junit | --html] [--reports DIR]
#        scripts/audit.sh --list
#
# Tests what SECURITY.md promises and what a deployment needs besides: secrets, git, image, compose, nginx, certificate,
# scripts, supply chain; with --live also the running stack: containers as the engine and the kernel report them, the site as
# a client sees it, roles and logins of the database, backups, releases, this machine. One line a check: ok, FAIL, skip with
# the reason, or accepted. A skip is never a pass: it names what is left to do by hand. Changes nothing.
#
# Exit code 0: nothing failed. 1: something did. 2: the arguments, or .audit-baseline, make no sense.
#
#   --live                the running stack too; it sends about 80 requests to the site, 60 of them at once
#   --allow-self-signed   the bootstrap certificate of scripts/certs.sh init is a skip, not a FAIL
#   --only ID             these checks alone; 'run-*' is all whose id begins so
#   --json, --sarif, --junit, --html   that format instead of text; each has every check, its promise, source, evidence and fix
#   --reports DIR         audit.json, audit.sarif, audit.junit.xml and audit.html into DIR as well
#   --list                the checks: id, promise, source
#
# .audit-baseline has what you accept for a time, a line each: ID YYYY-MM-DD the reason. After that day it fails again.
#
# It collects facts here, and judges them in scripts/audit/ (Python's standard library alone): by this machine's python3, or in
# the app's own image, without a network. No secret is among the facts.

set -euo pipefail
project=${COMICPILE_PROJECT:-$(dirname "${BASH_SOURCE[0]}")/..}
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$project"
# shellcheck source=scripts/lib.sh disable=SC1091
. "$scripts/lib.sh"
help_if_asked "$@"

live='' format=text reports='' options=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --live) live=yes ;;
    --allow-self-signed) options+=("$1") ;;
    --json | --sarif | --junit | --html | --list) format=${1#--} ;;
    --only)
      [[ ${2:-} =~ ^[a-z0-9*-]+$ ]] || misuse '--only takes the id of a check, or its beginning and a star' "scripts/audit.sh --only 'run-*'"
      options+=("$1" "$2") && shift
      ;;
    --reports)
      [[ -n ${2:-} && $2 != -* ]] || misuse '--reports takes a directory' 'scripts/audit.sh --reports audit-results'
      reports=$2 && shift
      ;;
    *) misuse "unknown argument '$1'" ;;
  esac
  shift
done
has() { command -v "$1" >/dev/null; }
has_docker() { has docker && docker version >/dev/null 2>&1; }
has_compose() { has docker && docker compose version >/dev/null 2>&1; }
is_ours() { [[ -f .comicpile/lock.json ]]; }
production=${COMICPILE_PRODUCTION:-docker-compose.prod.yml}
development=${COMICPILE_DEVELOPMENT:-docker-compose.yml}
dockerfile=${COMICPILE_DOCKERFILE:-Dockerfile}
nginx_conf=${COMICPILE_NGINX:-nginx/nginx.conf}
if [[ -n $live ]]; then
  is_ours || misuse '--live is for a deployment of this generator' 'scripts/audit.sh'
  need docker openssl curl git
  need_env
fi

facts=$(mktemp -d)
litter+=("$facts")
# fact NAME COMMAND…: what it prints, with its exit code in NAME.rc and its complaints in NAME.err.
fact() {
  local code=0 name=$facts/$1
  shift
  "$@" >"$name" 2>"$name.err" </dev/null || code=$?
  echo "$code" >"$name.rc"
}

# ── what is to be expected ───────────────────────────────────────────────────────────────────────────────────────────

date -u +%s >"$facts/now"
[[ -z $live ]] || : >"$facts/live"
[[ " ${options[*]-} " != *' --allow-self-signed '* ]] || : >"$facts/allow-self-signed"
expect() { printf '%s\t%s\n' "$1" "$2" >>"$facts/expected"; }
expect production "$production"
expect development "$development"
expect dockerfile "$dockerfile"
expect nginx "$nginx_conf"
expect security 'SECURITY.md'
expect app "$APP_NAME"
expect secrets "${SECRET_NAMES[*]}"
if is_ours; then
  expect names "${SITE_NAMES[*]}"
  expect health '/health'
  expect headers 'Strict-Transport-Security X-Frame-Options X-Content-Type-Options X-XSS-Protection Referrer-Policy Content-Security-Policy Permissions-Policy Cross-Origin-Opener-Policy Cross-Origin-Resource-Policy Cross-Origin-Embedder-Policy X-Permitted-Cross-Domain-Policies'
  expect app-services 'app worker worker-2'
  expect no-health 'worker worker-2'
  expect required ''
fi

# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────

mkdir "$facts/tree"
for path in "$production" "$development" "$dockerfile" 'SECURITY.md' SECURITY-REVIEWS.md .dockerignore .gitignore \
  .pre-commit-config.yaml .gitlab-ci.yml .gitlab .github .comicpile/lock.json .comicpile/images.json nginx scripts db/init \
  "$nginx_conf" renovate.json; do
  [[ -e $path ]] || continue
  mkdir -p "$facts/tree/$(dirname "$path")"
  cp -R -- "$path" "$facts/tree/$(dirname "$path")/"
done
! is_ours || rm -rf "$facts/tree/scripts/audit"
for known in "dockerfile:$dockerfile" "edge:$nginx_conf" workflows:.github/workflows scripts:scripts; do
  [[ ! -e ${known#*:} ]] || : >"$facts/${known%%:*}"
done

# row PATH: its mode and group.
row() { [[ ! -e $1 ]] || printf '%s\t%s %s\n' "$1" "$(mode_of "$1")" "$(gid_of "$1")"; }
for path in .env.production .env.app audit.log rotation.log secrets secrets/* ssl/privkey.pem backups incident; do row "$path"; done >"$facts/modes"
[[ ! -r rotation.log ]] || cp rotation.log "$facts/"
[[ ! -r audit.log ]] || wc -l <audit.log >"$facts/audit-lines"
[[ ! -r backups/status ]] || cp backups/status "$facts/backup-status"

# keys_of FILE: its keys, and whether each has a value; never the value.
keys_of() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    [[ ${line%$'\r'} =~ $ASSIGNMENT ]] || continue
    case ${BASH_REMATCH[3]} in
      '' | '""' | "''") printf '%s\tempty\n' "${BASH_REMATCH[2]}" ;;
      *) printf '%s\tset\n' "${BASH_REMATCH[2]}" ;;
    esac
  done <"$1"
}
# The values of today, for greps that read their patterns from a pipe: a value must not show up in a process list.
values=''
if [[ -r .env.production ]]; then
  keys_of .env.production >"$facts/env"
  if [[ -r .env.app ]]; then keys_of .env.app >"$facts/env-app"; fi
  for key in DOMAIN HTTP_PORT HTTPS_PORT APP_TAG; do printf '%s\t%s\n' "$key" "$(env_get "$key")"; done >"$facts/settings"
  weak_secrets >"$facts/weak-secrets"
  values=$(for name in "${SECRET_NAMES[@]}" "${GRACE_NAMES[@]/%/_PREVIOUS}"; do secret_get "$name" && echo; done | grep -E '.{8}') || :
  if [[ -n $values ]]; then
    grep -lFf <(printf '%s\n' "$values") "$development" 2>/dev/null >"$facts/secrets-in-dev" || :
    grep -rlIFf <(printf '%s\n' "$values") --exclude-dir=.git --exclude-dir=secrets --exclude-dir=backups --exclude-dir=node_modules --exclude-dir=.venv \
      --exclude='.env*' . 2>/dev/null | sed 's|^\./||' >"$facts/secrets-in-files" || :
  fi
fi

if has git && git rev-parse --git-dir >/dev/null 2>&1; then
  : >"$facts/git"
  for path in .env.production secrets/db_password ssl/privkey.pem ssl/fullchain.pem backups/any.dump incident/any.tar.gz rotation.log audit.log; do
    if git check-ignore --quiet --no-index "$path"; then printf '%s\tyes\n' "$path"; else printf '%s\tno\n' "$path"; fi
  done >"$facts/git-ignored"
  git ls-files >"$facts/git-tracked"
  # Of a shallow clone, as CI makes them, most of the history is not here, and must not pass as looked at.
  if git rev-parse --verify --quiet HEAD >/dev/null && [[ $(git rev-parse --is-shallow-repository) != true ]]; then
    git log --all --format= --name-only --diff-filter=A | sort -u >"$facts/git-history"
    if [[ -n $values && $(git count-objects -v | awk '/^size(-pack)?:/ { all += $2 } END { print all }') -lt 1048576 ]]; then
      { git cat-file --batch-all-objects --batch --buffer 2>/dev/null | grep -acFf <(printf '%s\n' "$values") || :; } >"$facts/git-values"
    fi
  fi
fi

# digests: each file of the lock, and whether it is as we wrote it (CRLF counts as LF), or as your team has committed it.
if is_ours; then
  sed -nE '/"files": *\{/,/\}/s/^ *"([^"]+)": *"sha256:([0-9a-f]{64})",?$/\1 \2/p' .comicpile/lock.json |
    while read -r path sum; do
      if [[ ! -f $path ]]; then
        printf '%s\tmissing\n' "$path"
      elif [[ $(sha256_of "$path") == "$sum" || $(tr -d '\r' <"$path" | sha256 | cut -d ' ' -f 1) == "$sum" ]]; then
        printf '%s\tsame\n' "$path"
      elif [[ -f $facts/git ]] && git ls-files --error-unmatch -- "$path" >/dev/null 2>&1 && git diff --quiet HEAD -- "$path" 2>/dev/null; then
        printf '%s\tcommitted\n' "$path"
      else
        printf '%s\tedited\n' "$path"
      fi
    done >"$facts/digests"
fi

mkdir "$facts/scan"
for path in scan-results/*.sarif; do
  [[ -f $path ]] || continue
  cp -- "$path" "$facts/scan/"
  printf '%s\t%s\n' "${path##*/}" "$(date -r "$path" +%s)"
done >"$facts/scans"

# ── the certificate ──────────────────────────────────────────────────────────────────────────────────────────────────

certificate=ssl/fullchain.pem
if has openssl && [[ -s $certificate && -r ssl/privkey.pem ]]; then
  {
    printf 'days\t%s\n' "$(days_left "$certificate")"
    printf 'names\t%s\n' "$(names_of "$certificate")"
    printf 'issuer\t%s\n' "$(openssl x509 -in "$certificate" -noout -issuer | cut -d= -f2-)"
    if key_fits "$certificate" ssl/privkey.pem; then printf 'key\tfits\n'; fi
    # Their dates are another check's.
    if chain_holds "$certificate" || chain_holds "$certificate" -no_check_time; then printf 'chain\tok %s certificates\n' "$chain"; else printf 'chain\t%s\n' "$chain"; fi
    if self_signed "$certificate"; then printf 'self-signed\tyes\n'; fi
    openssl x509 -in "$certificate" -noout -text | awk '
      /Public-Key:/ { gsub(/[^0-9]/, ""); print "bits\t" $0; }
      /Signature Algorithm:/ && !seen++ { print "signature\t" $3 }'
  } >"$facts/cert"
  for name in "${SITE_NAMES[@]}"; do
    openssl x509 -in "$certificate" -noout -checkhost "${name/#\*./any.}" | grep -q 'does match' || echo "$name"
  done >"$facts/cert-missing-names"
fi

# ── what Compose, nginx and the build say ────────────────────────────────────────────────────────────────────────────

# A value never comes in: nothing is interpolated, no env_file is read.
compose_json() { docker compose -f "$1" "${@:2}" --profile '*' config --no-interpolate --no-path-resolution --no-env-resolution --format json; }
quiet_config() { compose config --quiet; }
# nginx_test: with a pair of its own where there is none yet.
nginx_test() {
  local pair=$PWD/ssl
  if ! is_ours || [[ ! -s ssl/fullchain.pem || ! -s ssl/privkey.pem ]]; then
    pair=$(mktemp -d)
    litter+=("$pair")
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -keyout "$pair/privkey.pem" \
      -out "$pair/fullchain.pem" 2>/dev/null && chmod 0755 "$pair" && chmod 0644 "$pair"/*.pem
  fi
  if is_ours; then
    SSL_PAIR=$pair nginx_accepts
  else
    # Another layout: that file alone, the pair wherever it names one.
    local -a mounts=()
    local path
    while read -r path; do mounts+=(--volume "$pair/${path##*[./]}:$path:ro"); done < <(
      sed -nE 's/^ *ssl_certificate(_key)? +([^; ]+);.*/\2/p' "$nginx_conf" | sort -u | while read -r path; do
        case $path in *key*) cp "$pair/privkey.pem" "$pair/pem" 2>/dev/null ;; *) cp "$pair/fullchain.pem" "$pair/pem" 2>/dev/null ;; esac
        cp "$pair/pem" "$pair/${path##*[./]}" && chmod 0644 "$pair/${path##*[./]}" && echo "$path"
      done)
    docker run --rm --network none --add-host app:127.0.0.1 --volume "$PWD/$nginx_conf:/etc/nginx/nginx.conf:ro" ${mounts[@]+"${mounts[@]}"} \
      --entrypoint nginx 'nginxinc/nginx-unprivileged:1.30-alpine' -t
  fi
}
if has_compose; then
  if [[ -f $production ]]; then
    overlay=()
    fact compose.json compose_json "$production" ${overlay[@]+"${overlay[@]}"}
    [[ -s $facts/compose.json ]] || rm "$facts/compose.json"
    # Without the values of the server only the file itself can be judged.
    cp "$facts/compose.json.rc" "$facts/compose-valid.rc"
    cp "$facts/compose.json.err" "$facts/compose-valid"
    if [[ -r .env.production ]] && is_ours; then fact compose-valid quiet_config && cat "$facts/compose-valid.err" >>"$facts/compose-valid"; fi
  fi
  if [[ -f $development ]] && ! compose_json "$development" >"$facts/compose-dev.json" 2>/dev/null; then rm "$facts/compose-dev.json"; fi
fi
if has_docker; then
  if [[ -f $nginx_conf ]] && { ! is_ours || docker image inspect "$(image_of nginx)" >/dev/null 2>&1; }; then fact nginx-test nginx_test; fi
  # What `docker build` is sent, seen with the eyes of the build.
  if context=$(printf 'FROM scratch\nCOPY . /\n' | docker build --quiet --file - --output type=tar,dest=- . 2>/dev/null | tar -tf - 2>/dev/null); then
    grep -v '/$' <<<"$context" >"$facts/build-context" || :
  fi
fi

# ── the running stack ────────────────────────────────────────────────────────────────────────────────────────────────

DESCRIBE='{"id":{{json .Id}},"name":{{json .Name}},"service":{{json (index .Config.Labels "com.docker.compose.service")}},"hash":{{json (index .Config.Labels "com.docker.compose.config-hash")}},"user":{{json .Config.User}},"image":{{json .Config.Image}},"host":{{json .HostConfig}},"state":{{json .State}},"network":{{json .NetworkSettings}},"mounts":{{json .Mounts}},"restarts":{{json .RestartCount}}}'

look_at_containers() {
  local id pid log
  local -a ids
  mapfile -t ids < <(docker ps --all --quiet --no-trunc --filter "label=com.docker.compose.project=${COMPOSE_PROJECT_NAME:-$APP_NAME}" \
    --filter label=com.docker.compose.oneoff=False)
  : >"$facts/containers.jsonl"
  [[ ${#ids[@]} -eq 0 ]] || docker inspect --format "$DESCRIBE" "${ids[@]}" >"$facts/containers.jsonl"
  mkdir "$facts/proc"
  : >"$facts/log-sizes"
  while read -r id pid log; do
    # The same kernel where the engine is this machine's; else the container's own view, where it has cat.
    if [[ $pid -gt 0 && -r /proc/$pid/cgroup && $(<"/proc/$pid/cgroup") == *"$id"* ]]; then
      cat "/proc/$pid/status" >"$facts/proc/${id:0:12}" 2>/dev/null || :
    elif [[ $pid -gt 0 ]]; then
      docker exec "$id" cat /proc/1/status </dev/null >"$facts/proc/${id:0:12}" 2>/dev/null || rm -f "$facts/proc/${id:0:12}"
    fi
    [[ ! -r $log ]] || printf '%s\t%s\n' "${id:0:12}" "$(du -k "$log" | cut -f 1)" >>"$facts/log-sizes"
  done < <([[ ${#ids[@]} -eq 0 ]] || docker inspect --format '{{.Id}} {{.State.Pid}} {{.LogPath}}' "${ids[@]}")
  [[ -s $facts/log-sizes ]] || rm "$facts/log-sizes"
  docker network ls --quiet --filter "label=com.docker.compose.project=${COMPOSE_PROJECT_NAME:-$APP_NAME}" |
    xargs -r docker network inspect --format '{{.Name}} {{.Internal}}' >"$facts/networks"
  [[ ${#ids[@]} -eq 0 ]] || docker inspect --format '{{.Image}}' "${ids[@]}" | sort -u |
    xargs docker image inspect --format '{{if .RepoTags}}{{index .RepoTags 0}}{{else}}{{.Id}}{{end}} {{.Created}}' >"$facts/images"
  docker ps --format '{{.Names}}\t{{.Ports}}\t{{.Label "com.docker.compose.service"}}' | awk -F '\t' '$3 != "nginx"' >"$facts/published"
  { compose config --hash '*' || :; } >"$facts/hashes" 2>/dev/null
  docker volume inspect --format '{{.CreatedAt}}' "$(volume_of_db)" >"$facts/volume-created" 2>/dev/null || rm "$facts/volume-created"
  [[ -z $(containers_of backups) ]] || echo running >"$facts/backups-service"
}

look_at_host() {
  local name port
  {
    [[ ! -e /var/run/reboot-required ]] || printf 'reboot\tyes\n'
    if [[ -e /etc/apt/apt.conf.d/20auto-upgrades ]] && grep -q 'Unattended-Upgrade "1"' /etc/apt/apt.conf.d/20auto-upgrades; then printf 'updates\tunattended-upgrades\n'; fi
    if [[ -e /etc/dnf/automatic.conf ]] && grep -qE '^apply_updates *= *(yes|true)' /etc/dnf/automatic.conf; then printf 'updates\tdnf-automatic\n'; fi
    if [[ -r /etc/ufw/ufw.conf ]] && grep -q '^ENABLED=yes' /etc/ufw/ufw.conf; then
      printf 'firewall\tufw\n'
    elif [[ -r /etc/ufw/ufw.conf ]]; then
      printf 'firewall\toff\n'
    elif has systemctl && systemctl is-active --quiet firewalld nftables 2>/dev/null; then
      printf 'firewall\tfirewalld or nftables\n'
    fi
  } >"$facts/host"
  { df -Pk . && df -Pk "$(docker info --format '{{.DockerRootDir}}')" 2>/dev/null | tail -n +2; } >"$facts/disk" || :
  {
    [[ ! -S /var/run/docker.sock ]] || printf 'mode\t%s\n' "$(mode_of /var/run/docker.sock)"
    if has ss; then
      port=$(ss -Hltn 2>/dev/null | awk '{ n = split($4, part, ":"); if (part[n] == 2375) print part[n] }' | sort -u | paste -sd ' ' -)
      printf 'tcp\t%s\n' "$port"
    fi
  } >"$facts/socket"
  docker version --format '{{.Server.Version}}' >"$facts/engine"
  { hostname -I 2>/dev/null || :; } | tr ' ' '\n' | grep . >"$facts/addresses" || :
  for name in "${SITE_NAMES[@]}"; do
    printf '%s\t%s\n' "$name" "$(getent ahosts "${name/#\*./www.}" 2>/dev/null | awk '{ print $1 }' | sort -u | paste -sd ' ' - || :)"
  done >"$facts/dns"
  if has systemctl && [[ -d /run/systemd/system ]]; then fact timers scripts/timers.sh status; fi
}

# probe NAME CURL-OPTION… URL: the headers of the answer.
probe() { fact "probe/$1" curl ${as_client[@]+"${as_client[@]}"} --silent --show-error --max-time 10 --noproxy '*' --dump-header - --output /dev/null "${@:2}"; }
# too_many: requests at once that must be more than the limit lets through, even where two seconds pass meanwhile.
too_many() {
  local rate='10r/s' burst='20' count
  count=${rate%r/*}
  [[ $rate != */m ]] || count=$((count / 60 + 1))
  count=$((burst + 2 * count + 20))
  echo "$((count < 500 ? count : 500))"
}
look_from_outside() {
  local domain port plain site
  local -a to
  domain=$(env_get DOMAIN) port=$(https_port) plain=$(env_get HTTP_PORT)
  domain=${domain:-${SITE_NAMES[0]}} plain=${plain##*:} site=https://$domain:$port
  to=(--cacert ssl/fullchain.pem --resolve "$domain:$port:127.0.0.1")
  mkdir "$facts/probe"
  probe health "${to[@]}" "$site/health"
  probe closed "${to[@]}" "$site/.env"
  probe git "${to[@]}" "$site/.git/config"
  probe docs "${to[@]}" "$site/docs"
  probe openapi.json "${to[@]}" "$site/openapi.json"
  fact probe/security-txt curl ${as_client[@]+"${as_client[@]}"} --silent --max-time 10 --noproxy '*' "${to[@]}" "$site/.well-known/security.txt"
  probe forged "${to[@]}" --header 'Host: forged.example' "$site/"
  probe http --header "Host: ${SITE_NAMES[0]}" "http://127.0.0.1:$plain/"
  probe forged-http --header 'Host: forged.example' "http://127.0.0.1:$plain/"
  # The lowest level of security, so that it is not this machine's own library that refuses.
  probe old-tls "${to[@]}" --tlsv1.0 --tls-max 1.1 --ciphers 'DEFAULT@SECLEVEL=0' "$site/"
  probe weak-ciphers "${to[@]}" --tlsv1.2 --tls-max 1.2 --ciphers 'ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:AES128-SHA:AES256-SHA:@SECLEVEL=0' "$site/"
  # Last, as this machine has to wait a little after it.
  fact probe/burst curl ${as_client[@]+"${as_client[@]}"} --silent --max-time 20 --noproxy '*' --parallel --parallel-immediate --parallel-max 30 \
    "${to[@]}" --output /dev/null --write-out '%{http_code}\n' "$site/audit-burst-[1-$(too_many)]"
}

look_at_database() {
  sql postgres >"$facts/db.new" 2>/dev/null <<'SQL' || return 0
\pset fieldsep '\t'
SELECT 'role', CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = 'comicpile' AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)) THEN 'yes' ELSE 'no' END;
SELECT 'superuser', CASE WHEN (SELECT count(*) FROM pg_roles WHERE rolsuper) = 1 THEN 'yes' ELSE 'no' END;
SELECT 'login', CASE WHEN EXISTS (SELECT FROM pg_hba_file_rules WHERE type LIKE 'host%' AND auth_method NOT IN ('scram-sha-256', 'reject', 'cert')) THEN 'no' ELSE 'yes' END;
SELECT 'hash', CASE WHEN EXISTS (SELECT FROM pg_authid WHERE rolcanlogin AND (rolpassword IS NULL OR rolpassword NOT LIKE 'SCRAM-SHA-256$%')) THEN 'no' ELSE 'yes' END;
SELECT 'public', CASE WHEN EXISTS (SELECT FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) AS acl WHERE datname = 'comic_pile' AND acl.grantee = 0) THEN 'no' ELSE 'yes' END;
SELECT 'checksums', CASE WHEN current_setting('data_checksums') = 'on' THEN 'yes' ELSE 'no' END;
SELECT 'logged', CASE WHEN current_setting('log_connections') NOT IN ('off', '') AND current_setting('log_disconnections') = 'on' THEN 'yes' ELSE 'no' END;
SELECT 'spare', CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = 'comicpile' AND rolconnlimit BETWEEN 1 AND current_setting('max_connections')::int - 11) THEN 'yes' ELSE 'no' END;
SELECT 'idle', CASE WHEN current_setting('idle_in_transaction_session_timeout') <> '0' THEN 'yes' ELSE 'no' END;
SELECT 'connections', (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') || '/' || current_setting('max_connections');
SQL
  printf 'schema\tskip the app makes its own tables, as there is no step of migrations\n' >>"$facts/db.new"
  mv "$facts/db.new" "$facts/db"
  fact pitr scripts/pitr.sh status
}

look_at_recovery() {
  local newest
  newest=$(dumps | head -n 1)
  if [[ -n $newest ]]; then
    printf 'file\t%s\n' "$newest" >"$facts/backup-newest"
    if dump_verified "$newest"; then printf 'verified\tyes\n' >>"$facts/backup-newest"; fi
  fi
  release_tags >"$facts/releases"
  if [[ -r audit.log ]]; then awk '$2 == "deploy" && $3 == "ok"' audit.log | wc -l >"$facts/deploys"; fi
}

if [[ -n $live ]]; then
  look_at_containers
  look_at_host
  look_at_recovery
  [[ -z $(containers_of db) ]] || look_at_database
  fact cert-status scripts/certs.sh status
  [[ -z $(containers_of nginx) ]] || look_from_outside
fi

# check PROMISE COMMAND…: one of your own, kept when the command succeeds; report VERDICT PROMISE says it itself.
report() { printf '%s\t%s\n' "$1" "$2" >>"$facts/own"; }
check() {
  local promise=$1
  shift
  if "$@" >/dev/null 2>&1; then report ok "$promise"; else report FAIL "$promise"; fi
}
[[ ! -r .audit-baseline ]] || cp .audit-baseline "$facts/baseline"

# ── judged ───────────────────────────────────────────────────────────────────────────────────────────────────────────

tar -C "$facts" -cf "$facts.tar" .
litter+=("$facts.tar")
# judge FORMAT: the same program on this machine, or in the image of the app, which is a Python.
judge() {
  local image
  if has python3 && python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
    python3 -B -E "$scripts/audit" --format "$1" ${options[@]+"${options[@]}"} <"$facts.tar"
  else
    has_docker || die 'neither python3 nor Docker is here to judge what was found' 'install python3 with the package manager of this machine'
    image=$APP_NAME:$(env_get APP_TAG)
    docker image inspect "$image" >/dev/null 2>&1 || image='python:3.13-slim'
    docker run --rm --interactive --network none --read-only --cap-drop ALL --security-opt no-new-privileges \
      --user "$(uid_of "$scripts/audit"):$(gid_of "$scripts/audit")" --mount "type=bind,source=$scripts/audit,target=/audit,readonly" \
      --entrypoint python "$image" -B -E /audit --format "$1" ${options[@]+"${options[@]}"} <"$facts.tar"
  fi
}
if [[ -n $reports ]]; then
  [[ -d $reports ]] || { mkdir -p -- "$reports" && own_like . "$reports"; } || die "$reports cannot be made" 'scripts/audit.sh --reports DIR'
  for kind in json:json sarif:sarif junit:junit.xml html:html; do
    code=0
    judge "${kind%%:*}" >"$facts/report" || code=$?
    [[ $code -le 1 ]] || exit "$code"
    chmod 0644 "$facts/report" && mv -- "$facts/report" "$reports/audit.${kind#*:}" && own_like . "$reports/audit.${kind#*:}"
  done
fi
judge "$format"
