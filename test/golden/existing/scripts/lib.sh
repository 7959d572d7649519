#!/usr/bin/env bash
# What the scripts of this directory share. Sourced from the project root, never run.
set -euo pipefail
umask 077

APP_NAME='comic-pile'
# shellcheck disable=SC2034 # for the scripts that source this file
DATABASE='comic_pile'
read -r -a SITE_NAMES <<<'app.example.test'
SECRET_NAMES=(
  POSTGRES_PASSWORD
  DB_PASSWORD
  SECRET_KEY
)

# What these were before their last rotation, as NAME_PREVIOUS: the app accepts it too while the change goes on.
GRACE_NAMES=(
  SECRET_KEY
)

# Compose lets the caller's environment win over --env-file: a stale `export DB_PASSWORD=…` must not reach the stack.
unset APP_TAG DOMAIN HTTP_PORT HTTPS_PORT "${SECRET_NAMES[@]}" "${GRACE_NAMES[@]/%/_PREVIOUS}"

# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────

say() { printf '%s\n' "$*" >&2; }

# die WHAT [NEXT STEP]
die() {
  say "${0##*/}: $1"
  [[ $# -lt 2 ]] || say "  next: $2"
  exit 1
}

# A script's help is the comment at its top.
help_if_asked() {
  local argument
  for argument; do
    case $argument in -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" && exit 0 ;; esac
  done
}

need() {
  local tool
  for tool; do
    command -v "$tool" >/dev/null || die "$tool is not installed" "install $tool with the package manager of this machine"
    [[ $tool == docker ]] || continue
    docker compose version >/dev/null 2>&1 || die 'Docker Compose v2 is not installed' 'https://docs.docker.com/compose/install/linux/'
    docker version >/dev/null 2>&1 || die "$(id -un 2>/dev/null || id -u) cannot talk to the Docker engine" \
      'is it running? Run this as root or as a member of the group docker'
  done
}

# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# Temporary names go here; whatever still exists when the script ends is removed.
litter=()
sweep() { rm -rf -- ${litter[@]+"${litter[@]}"}; }
trap sweep EXIT

# One script at a time. The lock is on this file, so nothing is left behind; a script that another one calls passes.
lock() {
  [[ -z ${COMICPILE_LOCKED:-} ]] || return 0
  need flock
  exec 9<scripts/lib.sh
  flock --nonblock 9 || die 'another script of this project is at work' 'wait until it has ended, then run this again'
  export COMICPILE_LOCKED=yes
  # A script that was killed could not remove its half-made files, and they hold secrets.
  rm -f -- .env.production.new-?????? secrets/.new-??????
}

# own_like REFERENCE FILE: a file that root writes stays usable for the plain user whom the project belongs to.
own_like() { [[ $EUID -ne 0 ]] || chown "$(stat -c %u "$1")" "$2"; }

# grant FILE GID: readable for the owner and for the one group that a container runs as. A plain user may not give a
# file to a group that he is not in; a container with that single capability may.
grant() {
  if [[ $(stat -c %g "$1") != "$2" ]]; then
    if [[ $EUID -eq 0 ]]; then
      chgrp "$2" "$1"
    else
      docker run --rm --network none --read-only --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges \
        --user 0 --entrypoint chgrp --mount "type=bind,source=$PWD/$1,target=/file" "$(image_of nginx)" "$2" /file
    fi
  fi
  chmod 0640 "$1"
}

# open_to_containers PATH…: a checkout under umask 077 is closed to the users that containers run as.
open_to_containers() {
  find "$@" \( ! -perm -o=r -o -type d ! -perm -o=x \) -exec chmod o+rX {} + ||
    die "the containers may not read all of: $*" "chmod -R o+rX $*"
}

# ── .env.production and the secrets ──────────────────────────────────────────────────────────────────────────────────

need_env() {
  [[ -f .env.production ]] || die '.env.production does not exist' 'scripts/generate-secrets.sh'
  [[ -r .env.production ]] || die "$(id -un 2>/dev/null || id -u) may not read .env.production" 'run this as the owner of the file, or as root'
}

# A line that gives KEY a value, as Compose reads it (KEY: value too).
ASSIGNMENT='^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)[[:space:]]*[=:][[:space:]]*(.*)$'

# env_get KEY: the value, or nothing.
env_get() {
  local line value='' comment='[[:space:]]#.*$'
  [[ -f .env.production ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    [[ ! ${line%$'\r'} =~ $ASSIGNMENT || ${BASH_REMATCH[2]} != "$1" ]] || value=${BASH_REMATCH[3]}
  done <.env.production
  value=${value%"${value##*[![:space:]]}"}
  case $value in
    \"*\" | \'*\') ;;
    *) [[ ! $value =~ $comment ]] || value=${value%"${BASH_REMATCH[0]}"} ;;
  esac
  value=${value%"${value##*[![:space:]]}"}
  case $value in \"*\" | \'*\') value=${value:1:${#value}-2} ;; esac
  printf '%s' "$value"
}

# replace_file NEW FILE: on the disk first, then a rename: whoever reads sees the old file or the new one, never half,
# whenever the script is killed or the machine loses its power.
replace_file() { sync -- "$1" && mv -f -- "$1" "$2" && sync -- "$(dirname "$2")"; }

# env_write <KEY=value lines: all of them at once.
env_write() {
  local line key new keys=' ' done_=' '
  local -a lines=()
  local -A wanted=()
  while IFS= read -r line; do
    key=${line%%=*}
    keys+="$key "
    wanted[$key]=$line
  done
  while IFS= read -r line || [[ -n $line ]]; do
    key=''
    [[ ! $line =~ $ASSIGNMENT ]] || key=${BASH_REMATCH[2]}
    if [[ -z $key || $keys != *" $key "* ]]; then
      lines+=("$line")
    elif [[ $done_ != *" $key "* ]]; then
      lines+=("${wanted[$key]}")
      done_+="$key "
    fi
  done <.env.production
  for key in $keys; do [[ $done_ == *" $key "* ]] || lines+=("${wanted[$key]}"); done
  new=$(mktemp .env.production.new-XXXXXX) || return 1
  litter+=("$new")
  printf '%s\n' "${lines[@]}" >"$new" && own_like .env.production "$new" && chmod 0600 "$new" &&
    replace_file "$new" .env.production
}

# env_set KEY <VALUE
env_set() { env_write < <(printf '%s=%s\n' "$1" "$(cat)"); }

# The secrets are lines of .env.production.
secret_get() { env_get "$1"; }
secrets_write() { env_write; }

# 32 bytes from the system's generator as base64url without padding: as strong as `openssl rand -base64 32`, and safe in
# a URL, in an ini file and in Compose's interpolation.
draw_secret() { openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\n'; }

# weakness VALUE: why it is no production secret; nothing when it is one. The generator judges the same way.
weakness() {
  local LC_ALL=C rest=$1 different=0 placeholder='change.?(me|it|this)|replace.?(me|it|this)|placeholder|password|secret|example|insecure|default|local.?only'
  while [[ -n $rest ]]; do
    rest=${rest//"${rest:0:1}"/}
    different=$((different + 1))
  done
  if [[ -z $1 ]]; then
    echo 'is missing'
  elif [[ ! $1 =~ ^[A-Za-z0-9_-]+$ ]]; then
    echo 'has characters besides letters, digits, - and _, which break a URL'
  elif [[ ${#1} -lt 43 ]]; then
    echo 'is shorter than 43 characters'
  elif [[ ${1,,} =~ $placeholder ]]; then
    echo 'is a placeholder'
  elif [[ $different -lt 12 ]]; then
    echo 'has fewer than 12 different characters'
  fi
}

# weak_secrets: a line for each secret that is none: its name and the reason, never the value.
weak_secrets() {
  local name value reason development=''
  local -A holders=()
  [[ ! -f docker-compose.yml ]] || development=$(<docker-compose.yml)
  for name in "${SECRET_NAMES[@]}"; do
    value=$(secret_get "$name")
    reason=$(weakness "$value")
    if [[ -z $reason ]]; then
      if [[ -n ${holders[$value]:-} ]]; then
        reason="is the same as ${holders[$value]}"
      elif [[ $development == *"$value"* ]]; then
        reason='stands in docker-compose.yml, which is in git'
      fi
      holders[$value]=${holders[$value]:-$name}
    fi
    [[ -z $reason ]] || printf '%s %s\n' "$name" "$reason"
  done
}

need_strong_secrets() {
  local weak
  weak=$(weak_secrets)
  [[ -z $weak ]] || die "not strong enough for production: ${weak//$'\n'/; }" \
    'scripts/rotate-secrets.sh NAME on a running stack; before the first start, empty the value and run scripts/generate-secrets.sh'
}

# rotation_interrupted: rotate-secrets.sh began and was killed before its end.
rotation_interrupted() { [[ -s rotation.log && $(tail -n 1 rotation.log) == *' started '* ]]; }

# ── containers ───────────────────────────────────────────────────────────────────────────────────────────────────────

# The only place that calls Compose. Before the first release there is no APP_TAG yet; `none` lets db and nginx be named.
compose() {
  local tag=${APP_TAG:-$(env_get APP_TAG)}
  APP_TAG=${tag:-none} docker compose -f docker-compose.prod.yml --env-file .env.production "$@"
}

# image_of SERVICE: as docker-compose.prod.yml pins it.
image_of() {
  awk -v service="$1" '
    /^  [a-z]/ { inside = ($1 == service ":") }
    inside && $1 == "image:" { gsub(/["\047]/, "", $2); print $2; exit }' docker-compose.prod.yml
}

running() { [[ -n $(compose ps --quiet --status running "$1") ]]; }

# healthy SERVICE: each of its containers.
healthy() {
  local -a ids
  mapfile -t ids < <(compose ps --quiet "$1")
  [[ ${#ids[@]} -gt 0 && $(docker inspect --format '{{.State.Health.Status}}' "${ids[@]}" | sort -u) == healthy ]]
}

# wait_healthy SERVICE [SECONDS]
wait_healthy() {
  local second
  for ((second = 0; second < ${2:-60}; second++)); do
    ! healthy "$1" || return 0
    sleep 1
  done
  return 1
}

# need_ipv6: Docker gives a network IPv6 addresses by itself since 27, and only where the kernel has IPv6.
need_ipv6() {
  local version
  version=$(docker version --format '{{.Server.Version}}')
  [[ ${version%%.*} -ge 27 ]] || die "Docker $version is too old for IPv6" 'Docker 27 or newer, or: yo comicpile --ipv6 off'
  [[ $(uname -s) != Linux || -e /proc/net/if_inet6 ]] || die 'this machine has IPv6 switched off' 'yo comicpile --ipv6 off'
}

need_db() {
  need docker
  need_env
  running db || die 'the service db is not running' \
    'docker compose -f docker-compose.prod.yml --env-file .env.production up -d --wait db'
  wait_healthy db 30 || die 'the service db is not healthy' \
    'docker compose -f docker-compose.prod.yml --env-file .env.production logs db'
}

# sql DATABASE [psql options]: as the superuser over the local socket, which needs no password (peer). SQL on stdin.
sql() { compose exec -T db psql -XqAt --set ON_ERROR_STOP=1 --username postgres --dbname "$@"; }

# archive_reads FILE: a dump that pg_restore can read from its first to its last byte (--list reads the head only).
archive_reads() {
  compose exec -T db pg_restore --list <"$1" >/dev/null && compose exec -T db pg_restore --file /dev/null <"$1"
}

# dump_verified FILE: the checksum beside it fits, and its table of contents can be read.
dump_verified() {
  [[ -s $1 && -f $1.sha256 ]] &&
    (cd "$(dirname "$1")" && sha256sum --check --status "$(basename "$1").sha256") &&
    compose exec -T db pg_restore --list <"$1" >/dev/null 2>&1
}

# nginx_accepts: `nginx -t` in the pinned image, without a network; the upstream's name only has to resolve.
nginx_accepts() {
  docker run --rm --network none --add-host app:127.0.0.1 --read-only --tmpfs /tmp:uid=101,gid=101,mode=0700 \
    --cap-drop ALL --security-opt no-new-privileges --user 101:101 \
    --mount "type=bind,source=$PWD/nginx,target=/etc/nginx,readonly" \
    --mount "type=bind,source=$PWD/ssl,target=/etc/ssl/site,readonly" \
    "$(image_of nginx)" nginx -t
}

# ── the site ─────────────────────────────────────────────────────────────────────────────────────────────────────────

self_signed() { [[ $(openssl x509 -in "$1" -noout -issuer_hash) == "$(openssl x509 -in "$1" -noout -subject_hash)" ]]; }

https_port() {
  local port
  port=$(env_get HTTPS_PORT)
  port=${port:-443}
  printf '%s' "${port##*:}"
}

# What curl needs to be heard by nginx at all.
as_client=()

# health_command: the curl that asks the app for its health through nginx, from this machine. It trusts exactly what is
# installed in ./ssl, so a self-signed or private certificate is checked too (never curl -k).
health_command() {
  local domain port
  domain=$(env_get DOMAIN)
  domain=${domain:-${SITE_NAMES[0]}}
  port=$(https_port)
  printf '%s ' curl ${as_client[@]+"${as_client[@]}"} --fail --silent --show-error --max-time 10 --noproxy "$domain" --cacert ssl/fullchain.pem \
    --resolve "$domain:$port:127.0.0.1" "https://$domain:$port/healthz/"
}

site_answers() {
  local -a ask
  local try
  need curl
  read -r -a ask <<<"$(health_command)"
  for ((try = 1; try <= 15; try++)); do
    if [[ $try -lt 15 ]]; then
      ! "${ask[@]}" >/dev/null 2>&1 || return 0
      sleep 1
    else
      "${ask[@]}" >/dev/null
    fi
  done
}

# replicas: how many containers of the app docker-compose.prod.yml asks for.
replicas() {
  local count
  count=$(compose config --no-interpolate | awk '/^  [a-z]/ { inside = ($1 == "app:") } inside && $1 == "replicas:" { print $2; exit }')
  echo "${count:-1}"
}

# replace_app: new containers of the app beside those that run, which stop when the new ones are healthy. nginx finds both,
# as it asks Docker's DNS every two seconds (nginx/snippets/proxy.conf), and the old ones drain (docker/serve.py), so it
# costs no request. What does not become healthy is removed, and the old ones go on.
replace_app() {
  local -a former
  local id
  mapfile -t former < <(compose ps --quiet --status running app)
  # One that crashes again and again serves nobody.
  for id in $(compose ps --all --quiet app); do
    [[ ${#former[@]} -eq 0 || " ${former[*]} " == *" $id "* ]] || docker rm --force "$id" >/dev/null || return 1
  done
  if [[ ${#former[@]} -eq 0 ]]; then
    compose up -d --wait --wait-timeout 180 --no-deps app >&2
    return
  fi
  if ! compose up -d --wait --wait-timeout 180 --no-deps --no-recreate --scale "app=$((${#former[@]} + $(replicas)))" app >&2; then
    compose logs --no-color --tail 20 app >&2 || :
    for id in $(compose ps --all --quiet app); do
      [[ " ${former[*]} " == *" $id "* ]] || docker rm --force "$id" >/dev/null
    done
    return 1
  fi
  docker stop "${former[@]}" >/dev/null || return 1
  docker rm "${former[@]}" >/dev/null || return 1
  # After an interrupted change there were more than the compose file asks for.
  compose up -d --wait --wait-timeout 60 --no-deps --no-recreate app >&2
}

app_is_current() {
  local id
  for id in $(compose ps --all --quiet app); do
    [[ $(docker inspect --format '{{.Config.Image}}' "$id") == "$APP_NAME:$APP_TAG" ]] || return 1
  done
}

# db_is_current: the container that runs is the one that the compose file asks for. Its passwords do not count: the image
# reads them when the volume is empty and never again, so a rotation is no reason to restart a database.
db_is_current() (
  id=$(compose ps --quiet --status running db)
  [[ -n $id ]] || return 1
  while IFS= read -r line; do
    [[ " ${SECRET_NAMES[*]} " != *" ${line%%=*} "* ]] || export "${line?}"
  done < <(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$id")
  [[ $(compose config --hash db) == "db $(docker inspect --format '{{index .Config.Labels "com.docker.compose.config-hash"}}' "$id")" ]]
)

# start_stack: every service but the one-shot `migrate`, which deploy.sh runs on its own: an older image does not know a
# newer schema revision, so a rollback that started it could never succeed.
start_stack() {
  local -a services
  local leave='^migrate$'
  app_is_current || replace_app || return 1
  ! db_is_current || leave='^(migrate|db)$'
  mapfile -t services < <(compose config --services | grep -vE "$leave")
  [[ ${#services[@]} -gt 0 ]] || return 1
  compose up -d --wait --wait-timeout 180 --no-deps "${services[@]}" >&2 || {
    compose logs --no-color --tail 20 >&2 || :
    return 1
  }
  compose exec -T nginx nginx -t -q >&2 && compose exec -T nginx nginx -s reload >&2
}

# switch_to TAG: the stack with that image. .env.production gets the new tag only after the site has answered; if it does
# not, the former image is started again and the result is 1.
switch_to() {
  local former
  former=$(env_get APP_TAG)
  if APP_TAG=$1 start_stack && site_answers; then
    env_set APP_TAG < <(printf '%s' "$1")
    return
  fi
  say "$APP_NAME:$1 does not answer"
  if [[ -z $former ]] || ! docker image inspect "$APP_NAME:$former" >/dev/null 2>&1; then
    say 'There is no former image to go back to: the stack is left as it is, for you to look at.'
  elif APP_TAG=$former start_stack && site_answers; then
    say "Back on $APP_NAME:$former, which answers."
  else
    say "Went back to $APP_NAME:$former, but the site does not answer either."
  fi
  return 1
}

# release_tags: the releases on this machine, newest first. deploy.sh names them so that their order is their age.
release_tags() {
  docker image ls "$APP_NAME" --format '{{.Tag}}' | grep -E '^[0-9]{8}T[0-9]{6}Z(-[0-9a-f]+)?$' | sort -r || :
}
