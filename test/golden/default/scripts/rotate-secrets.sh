#!/usr/bin/env bash
# Usage: scripts/rotate-secrets.sh NAME… | all
#
# Gives each named secret a new value: ALTER ROLE for a database password, then the new value is written, the services
# that use it start anew, and a login over TCP proves that the new password works and the old one is refused. If any of it
# fails, the old values come back and the exit code is 1. rotation.log (0600) gets when and what, never a value.
#
# The names:
#   POSTGRES_PASSWORD
#   DB_OWNER_PASSWORD
#   DB_PASSWORD
#   SECRET_KEY
#
# A new SECRET_KEY ends every session and every token that was signed with the old one.
# If the app is stopped (an incident), it stays so, and gets the new values when it starts.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"
[[ $# -gt 0 ]] || die 'which secret?' "scripts/rotate-secrets.sh all, or one of: ${SECRET_NAMES[*]}"

names=()
for argument; do
  if [[ $argument == all ]]; then
    names=("${SECRET_NAMES[@]}")
  elif [[ " ${SECRET_NAMES[*]} " != *" $argument "* ]]; then
    die "there is no secret named '$argument'" "one of: all ${SECRET_NAMES[*]}"
  elif [[ " ${names[*]-} " != *" $argument "* ]]; then
    names+=("$argument")
  fi
done

# role_of NAME: the database role whose password it is, or nothing.
role_of() {
  case $1 in
    POSTGRES_PASSWORD) echo postgres ;;
    DB_PASSWORD) echo 'comicpile' ;;
    DB_OWNER_PASSWORD) echo 'comicpile_owner' ;;
  esac
}

# set_password ROLE <PASSWORD: in the text on psql's stdin, so no process list shows it; the settings keep it out of the
# server's log.
set_password() {
  local value
  value=$(cat)
  {
    printf '%s\n' '\set VERBOSITY terse' "SET log_statement = 'none'; SET log_min_error_statement = 'panic';" \
      "SET log_min_duration_statement = -1; SET password_encryption TO 'scram-sha-256';"
    printf "ALTER ROLE \"%s\" PASSWORD '%s';\n" "$1" "${value//\'/\'\'}"
  } | sql postgres
}

# login ROLE <PASSWORD: over TCP, where the server asks for the password (scram-sha-256).
login() {
  # shellcheck disable=SC2016 # the container's shell expands these
  { cat && echo; } | compose exec -T db sh -c \
    'IFS= read -r PGPASSWORD; export PGPASSWORD; exec psql -XqAtw -h db -U "$1" -d "$2" -c "SELECT 1"' - "$1" "$DATABASE" 2>&1
}
opens() { [[ $(login "$1") == 1 ]]; }
# Refused must mean refused for the password, not an unreachable server.
refused() {
  local answer
  ! answer=$(login "$1") && [[ $answer == *'password authentication failed'* ]]
}

need openssl
lock
need_db
app_runs=''
if running app; then
  wait_healthy app 30 || die 'the app is not healthy, so nothing could prove that a rotation worked' \
    'mend it or stop it first: docker compose -f docker-compose.prod.yml --env-file .env.production stop app'
  app_runs=yes
fi

declare -A old new
for name in "${names[@]}"; do
  old[$name]=$(secret_get "$name")
  [[ -n ${old[$name]} ]] || die "$name has no value yet" 'scripts/generate-secrets.sh'
  new[$name]=$(draw_secret)
  [[ ${#new[$name]} -ge 43 ]] || die 'openssl drew no secret' 'openssl rand -base64 32'
done

log() {
  [[ -e rotation.log ]] || { : >rotation.log && own_like . rotation.log; }
  chmod 0600 rotation.log
  printf '%s %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "${names[*]}" >>rotation.log
}

# The database first: its container carries its passwords too, and would start anew at an unexpected moment otherwise.
restart() {
  compose up -d --wait --wait-timeout 120 --no-deps db >&2 || return 1
  [[ -n $app_runs ]] || return 0
  compose up -d --wait --wait-timeout 180 --no-deps --force-recreate app >&2 || return 1
  ! running nginx || { compose exec -T nginx nginx -s reload >&2 && site_answers; }
}

rotate() {
  local name role
  for name in "${names[@]}"; do
    role=$(role_of "$name")
    [[ -z $role ]] || set_password "$role" < <(printf '%s' "${new[$name]}") || return 1
    secret_set "$name" < <(printf '%s' "${new[$name]}") || return 1
  done
  restart || return 1
  for name in "${names[@]}"; do
    role=$(role_of "$name")
    [[ -n $role ]] || continue
    opens "$role" < <(printf '%s' "${new[$name]}") || { say "$role cannot log in with the new $name"; return 1; }
    refused "$role" < <(printf '%s' "${old[$name]}") || { say "$role is not refused with the old $name"; return 1; }
  done
}

put_back() {
  local name role worked=yes
  trap '' INT TERM HUP
  say 'putting the old values back'
  for name in "${names[@]}"; do secret_set "$name" < <(printf '%s' "${old[$name]}") || worked=''; done
  compose up -d --wait --wait-timeout 120 --no-deps db >&2 || worked=''
  for name in "${names[@]}"; do
    role=$(role_of "$name")
    [[ -z $role ]] || set_password "$role" < <(printf '%s' "${old[$name]}") || worked=''
  done
  restart || worked=''
  log "failed"
  [[ -n $worked ]] || die 'the rotation failed, and the old values are written but the stack is not healthy' \
    'docker compose -f docker-compose.prod.yml --env-file .env.production ps; run this again when it is'
  die 'the rotation failed; the old values are back and the stack is healthy' 'read the messages above, then run this again'
}

trap put_back INT TERM HUP
rotate || put_back
trap - INT TERM HUP
log rotated
say "rotated: ${names[*]}"
[[ -n $app_runs ]] || say 'The app is not running; it gets the new values when it starts.'
[[ " ${names[*]} " != *' SECRET_KEY '* ]] || say 'Every session that the old SECRET_KEY signed has ended.'
